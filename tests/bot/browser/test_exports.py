"""Files of answers in real Chromium: the picture shows in the direct message with the app, as it will in Slack."""


def test_a_comparison_goes_to_direct_messages_as_a_picture_that_shows_there(ada):
    ada.type("/inference compare 7B on RTX4090 vs 13B on A100, 500 tokens, 1000 req/h")
    ada.press(ada.message("meets everything"), "Export…")
    ada.press(ada.message("Which file of #1?"), "Picture (PNG)")
    ada.message("goes to your direct messages")
    ada.page.get_by_label("Channels and direct messages").get_by_role("button", name="Inference").first.click()
    shown = ada.page.locator("#messages img").last
    shown.wait_for()
    assert shown.evaluate("async one => { await one.decode(); return one.naturalWidth }") == 1920


def test_a_list_of_the_catalog_sorts_by_its_numbers(ada):
    ada.type("/inference catalog gpus")
    found = ada.message("Accelerators")
    found.get_by_role("button", name="Memory").click()
    cells = found.locator("tbody tr td:nth-of-type(2)").all_inner_texts()
    numbers = [float(cell.removesuffix(" GB")) for cell in cells if cell.endswith("GB")]
    assert numbers in (sorted(numbers), sorted(numbers, reverse=True))
    assert len(numbers) > 5
