"""What a newcomer does in the page: type, fill in forms, share, edit, look back, track, and let time pass."""

from playwright.sync_api import expect


def raw(text):
    return {"type": "raw_text", "text": text}


def watts(value):
    return {"type": "raw_number", "value": value, "text": str(value)}


QUESTION = "7B on RTX4090, 500 tokens, batch 4, 1000 req/h"


def test_a_typed_question_is_answered_in_a_table_for_its_asker_alone(ada):
    ada.type(f"/inference {QUESTION}")
    answer = ada.message("Fits")
    expect(answer).to_contain_text("Only visible to you")
    expect(answer.get_by_role("table")).to_contain_text("Kept per month")


def test_the_command_completes_itself_and_says_what_it_takes(ada):
    box = ada.page.get_by_role("textbox", name="Message")
    box.press_sequentially("/inf")
    option = ada.page.get_by_role("listbox").get_by_role("option")
    expect(option).to_contain_text("What it takes to serve a model")
    expect(box).to_have_attribute("aria-activedescendant", option.get_attribute("id"))
    box.press("Tab")
    expect(box).to_have_value("/inference ")


def test_a_form_shows_its_error_at_the_field_keeps_what_was_entered_and_is_answered(ada):
    ada.type("/inference form llama-3.1-8b on L4")
    form = ada.form("Inference estimate")
    tokens = form.get_by_label("Tokens", exact=False).first
    tokens.fill("1,5k")
    ada.press(form, "Answer")
    expect(form.get_by_role("alert")).to_contain_text("two ways")
    expect(tokens).to_have_value("1,5k")
    expect(tokens).to_be_focused()
    tokens.fill("1500")
    ada.press(form, "Answer")
    expect(ada.message("Llama 3.1 8B")).to_contain_text("1,500")


def test_an_answer_is_shared_and_edited_and_the_other_person_sees_it_at_once(ada, open_window):
    ben = open_window("ben")
    ada.type(f"/inference {QUESTION}")
    answer = ada.message("Fits")
    expect(ben.page.locator("#messages")).not_to_contain_text("Fits")
    ada.press(answer, "Share to channel")
    expect(ben.message("Fits")).not_to_contain_text("Only visible to you")
    ada.press(answer, "Edit")
    form = ada.form("Inference estimate")
    expect(form.get_by_label("Batch size", exact=False).first).to_have_value("4")
    form.get_by_label("Batch size", exact=False).first.fill("8")
    ada.press(form, "Answer")
    expect(ada.message("batch 8")).to_contain_text("Only visible to you")


def test_the_history_is_turned_page_by_page(ada):
    for batch in range(1, 13):
        ada.type(f"/inference 7B on RTX4090, 500 tokens, batch {batch}")
        ada.message(f"#{batch}")
    ada.type("/inference history")
    newest = ada.message("History")
    expect(newest).to_contain_text("#12")
    expect(newest).not_to_contain_text("#3 ")
    ada.press(newest, "Older")
    oldest = ada.message("page 2")
    expect(oldest).to_contain_text("#3 ")
    expect(oldest).not_to_contain_text("#12")
    ada.press(oldest, "Newer")
    expect(ada.message("#12")).not_to_contain_text("page 2")


def test_a_comparison_shows_its_table_and_its_chart_with_the_figures_for_screen_readers(ada):
    ada.type("/inference compare 7B on RTX4090 vs 13B on A100, 500 tokens, 1000 req/h, within 2s, 24/7")
    decision = ada.message("RTX 4090")
    expect(decision.get_by_role("table").first).to_contain_text("A100")
    expect(decision.locator("figure svg")).to_be_visible()
    expect(decision.locator("figure").get_by_role("table")).to_contain_text("Kept, A")


def test_a_data_table_is_sorted_by_its_heads_and_turned_page_by_page(ada, clocked):
    rows = [[raw("Card"), raw("Watts")], *[[raw(f"card {n}"), watts(n * 37 % 11)] for n in range(12)]]
    block = {"type": "data_table", "caption": "Cards", "page_size": 5, "rows": rows}
    clocked.bot.app.client.chat_postMessage(channel="C0GENERAL1", text="Cards", blocks=[block])
    message = ada.message("3 (12 rows)")
    first = message.get_by_role("rowheader").first
    expect(first).to_have_text("card 0")
    message.get_by_role("button", name="Watts").click()
    message.get_by_role("button", name="Watts").click()
    expect(message.get_by_role("columnheader", name="Watts")).to_have_attribute("aria-sort", "descending")
    expect(message.get_by_role("row").nth(1)).to_contain_text("10")
    ada.press(message, "Next page")
    expect(message).to_contain_text("2 of 3")


def test_a_weekly_summary_comes_with_its_chart_and_table_when_the_clock_has_moved(ada):
    ada.go("llm-costs")
    for name in ("support-bot", "search-bot"):
        ada.type(f"/inference track {name}: 7B on 2xL4 cloud aws 1000/h")
        ada.message(f"{name} is tracked")
    ada.type("/inference schedule every monday 09:00 Europe/Berlin in #llm-costs")
    ada.message("Every Monday")
    ada.go("general")
    ada.move_clock("1 week")
    ada.move_clock("1 week")
    costs = ada.page.get_by_role("button", name="llm-costs (unread)")
    costs.click()
    summary = ada.message("Model costs")
    expect(summary.get_by_role("table").first).to_contain_text("support-bot")
    expect(summary.locator("figure svg")).to_be_visible()


def test_two_people_talk_in_a_thread_and_the_bot_answers_a_mention_there(ada, open_window):
    ben = open_window("ben")
    ada.type("Which card do we take?")
    message = ben.message("Which card")
    message.hover()
    ben.press(message, "Reply in thread")
    reply = ben.page.get_by_role("textbox", name="Reply")
    reply.fill(f"@inference {QUESTION}")
    reply.press("Enter")
    expect(ben.page.get_by_label("Thread", exact=True)).to_contain_text("Fits")
    ada.press(ada.message("Which card"), "2 replies")
    expect(ada.page.get_by_label("Thread", exact=True)).to_contain_text("Kept per month")


def test_a_newcomer_shares_a_comparison_and_schedules_a_summary_by_pressing_what_is_offered(ada, open_window, clocked):
    clocked.bot.welcome("#general")
    welcome = ada.message("Five things to try")
    ada.press(welcome, "Compare")
    ada.press(ada.message("Take B"), "Share to channel")
    expect(open_window("ben").message("Take B")).not_to_contain_text("Only visible to you")
    ada.press(welcome, "Add samples")
    ada.press(ada.message("support-bot-sample"), "Schedule it weekly…")
    ada.press(ada.form("Schedule a summary"), "Schedule")
    ada.message("Schedule 1 is set")
    ada.move_clock("1 week")
    expect(ada.message("Model costs")).to_contain_text("support-bot-sample")
