"""The page for everyone: by keyboard alone, by ear, in the dark, on a narrow screen, in a channel full of answers."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

QUESTION = "7B on RTX4090, 500 tokens, batch 4, 1000 req/h"
COMPARE = "compare 7B on RTX4090 vs 13B on A100, 500 tokens, 1000 req/h, within 2s"


def barriers(window):
    """What an accessibility checker finds on the page as it is."""
    found = Axe().run(window.page).response["violations"]
    return [(one["id"], [node["html"][:160] for node in one["nodes"]]) for one in found]


@pytest.fixture(params=["light", "dark"])
def furnished(request, open_window):
    """A window with messages of every kind, in both colour schemes."""
    window = open_window("ada", color_scheme=request.param)
    window.type(f"/inference {COMPARE}")
    window.message("Dollars a month")
    return window


def test_the_page_has_no_barriers_a_checker_finds(furnished):
    assert barriers(furnished) == []


def test_a_form_has_no_barriers(furnished):
    furnished.type("/inference form llama-3.1-8b on L4")
    form = furnished.form("Inference estimate")
    form.get_by_label("Tokens", exact=False).first.fill("1,5k")
    furnished.press(form, "Answer")
    form.get_by_role("alert").wait_for()
    assert barriers(furnished) == []


def test_the_inspector_the_home_tab_and_a_thread_have_no_barriers(furnished):
    furnished.page.get_by_role("button", name="Inspector").click()
    furnished.page.get_by_text("What this workspace does not model").click()
    furnished.page.get_by_text("group direct messages").wait_for()
    assert barriers(furnished) == []
    furnished.page.get_by_role("button", name="Inspector").click()
    furnished.type("a thread")
    said = furnished.message("a thread")
    said.hover()
    furnished.press(said, "Reply in thread")
    furnished.page.get_by_label("Thread", exact=True).wait_for()
    assert barriers(furnished) == []
    furnished.go("inference")
    furnished.page.get_by_role("tab", name="Home").click()
    furnished.page.locator("#home").get_by_text("Ask in any channel").wait_for()
    assert barriers(furnished) == []


def test_everything_is_done_without_a_mouse(ada):
    page = ada.page
    page.get_by_role("textbox", name="Message").press("Alt+ArrowDown")
    page.get_by_role("heading", level=1, name="llm-costs").wait_for()
    expect(page.get_by_role("textbox", name="Message")).to_be_focused()
    page.keyboard.type("/inference form llama-3.1-8b on L4")
    page.keyboard.press("Enter")
    form = ada.form("Inference estimate")
    page.keyboard.press("ArrowDown")
    form.get_by_role("option").first.wait_for()
    page.keyboard.press("Escape")
    expect(form).to_be_visible()
    form.get_by_label("Tokens per request").focus()
    page.keyboard.type("1500")
    page.keyboard.press("Enter")
    answer = ada.message("Llama 3.1 8B")
    reached = []
    for _ in range(30):
        page.keyboard.press("Shift+Tab")
        reached.append(page.evaluate("document.activeElement.textContent"))
    assert "Share to channel" in reached
    answer.get_by_role("button", name="Share to channel").focus()
    page.keyboard.press("Enter")
    expect(ada.message("Asked by")).to_be_visible()


def test_escape_closes_a_form_and_the_focus_goes_back_to_the_composer(ada):
    ada.type("/inference")
    ada.form("Inference estimate")
    ada.page.keyboard.press("Escape")
    expect(ada.page.get_by_role("dialog")).to_have_count(0)


def test_on_a_narrow_screen_everything_fits_and_the_channels_are_behind_a_button(open_window):
    narrow = open_window("ada", width=390, height=800)
    narrow.type(f"/inference {QUESTION}")
    answer = narrow.message("Kept per month")
    assert narrow.page.evaluate("document.documentElement.scrollWidth") <= 390
    expect(answer.get_by_role("button", name="Details")).to_be_visible()
    narrow.page.get_by_role("button", name="Channels").click()
    narrow.page.get_by_role("button", name="llm-costs").click()
    narrow.page.get_by_role("heading", level=1, name="llm-costs").wait_for()


def test_a_channel_of_a_thousand_answers_shows_its_newest_and_leads_back_to_its_first(clocked, open_window):
    web = clocked.bot.app.client
    for number in range(1000):
        web.chat_postMessage(channel="C0GENERAL1", text=f"answer {number} of many")
    window = open_window("ada")
    window.message("answer 999 of many")
    expect(window.page.locator("#messages article")).to_have_count(60)
    window.page.get_by_role("button", name="Show earlier messages (940)").click()
    expect(window.page.locator("#messages article")).to_have_count(120)
    expect(window.page.get_by_text("answer 880 of many")).to_be_attached()


def test_a_fault_that_is_switched_on_in_the_inspector_is_met_by_the_bot_and_shown_there(ada):
    ada.page.get_by_role("button", name="Inspector").click()
    faults = ada.page.get_by_label("Faults")
    faults.get_by_label("Method").select_option("views.open")
    faults.get_by_label("Fault", exact=True).select_option("Error")
    faults.get_by_role("button", name="Add").click()
    expect(faults).to_contain_text("views.open: account_inactive ×1")
    ada.type("/inference")
    ada.message("reference")
    exchange = ada.page.locator(".exchanges details").filter(has_text="views.open")
    exchange.locator("summary").click()
    expect(exchange).to_contain_text("Request")


def test_a_picture_is_shown_and_a_file_is_offered(ada, clocked, tmp_path):
    dot = bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63606060000000040001f61738550000000049454e44ae426082"
    )
    clocked.person("ben").type("look", files=[("dot.png", dot), ("figures.csv", b"a,b\n1,2\n")])
    message = ada.message("look")
    picture = message.get_by_role("img", name="dot.png")
    expect(picture).to_be_visible()
    expect(picture).to_have_js_property("naturalWidth", 1)
    with ada.page.expect_download() as download:
        message.get_by_role("link", name="figures.csv").click()
    assert download.value.suggested_filename == "figures.csv"
