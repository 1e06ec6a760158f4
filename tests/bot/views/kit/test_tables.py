"""Wide lists as tables that people sort, and the simpler forms for workspaces that refuse them."""

import pytest

from bot.language.plain import some, spoken
from bot.limits.payloads import check_message
from bot.terminal import plain
from bot.views.kit.blocks import Figure, data_table, section, table
from bot.views.kit.chart import bar_chart
from bot.views.kit.simpler import NATIVE, TABLES, TEXT, forms

PRICES = data_table("Prices", [("Key", "$"), ("h100", Figure(3.26, "$3.26")), ("l4", "–")])


@pytest.mark.parametrize("question", ["catalog gpus", "catalog models", "catalog prices", "prices"])
def test_every_page_of_a_list_is_one_sortable_table_within_slacks_limits(service, asker, question):
    seen, page = 0, 1
    while True:
        reply = service.answer(f"{question} page {page}", asker)
        [found] = [block for block in reply.blocks if block["type"] == "data_table"]
        assert {cell["type"] for cell in found["rows"][0]} == {"raw_text"}
        for _, blocks in forms(reply.blocks):
            assert not check_message({"text": reply.text, "blocks": list(blocks)})
        seen, page = seen + len(found["rows"]) - 1, page + 1
        if all(block["type"] != "actions" for block in reply.blocks):
            break
    assert seen == reply.data["total"]


def test_figures_sort_by_their_numbers_and_show_with_their_units(service, asker):
    [found] = [block for block in service.answer("catalog gpus h100", asker).blocks if block["type"] == "data_table"]
    row = next(row for row in found["rows"] if row[0]["text"] == "h100-sxm")
    assert row[2] == {"type": "raw_number", "value": 80, "text": "80 GB"}


def test_the_forms_of_a_message_grow_simpler_and_none_comes_twice():
    assert [form for form, _ in forms([section("a")])] == [NATIVE]
    assert [form for form, _ in forms([table([("a",), ("b",)])])] == [NATIVE, TEXT]
    assert [form for form, _ in forms([bar_chart("x", ["a"], {"b": [1.0]})], TABLES)] == [TABLES, TEXT]
    native, tables, text = (blocks for _, blocks in forms([PRICES]))
    assert native == (PRICES,)
    assert tables[0]["type"] == "table"
    assert tables[0]["column_settings"][1]["align"] == "right"
    assert "h100  $3.26" in text[0]["elements"][0]["elements"][0]["text"]
    assert [form for form, _ in forms([PRICES], TEXT)] == [TEXT]


def test_in_a_terminal_a_data_table_is_aligned_text(service, asker):
    assert "h100-sxm" in plain(service.answer("catalog gpus h100", asker))


def seen_blocks(message):
    return [block["type"] for block in message.blocks]


def test_a_workspace_that_refuses_data_tables_gets_tables_and_then_text_and_each_is_remembered(place):
    ada, refuse = place.person(), lambda: place.client.fault("response_url", "error", error="invalid_blocks")
    ada.type("/inference catalog gpus")
    assert "data_table" in seen_blocks(ada.wait_for_message(containing="Accelerators"))
    refuse()
    ada.type("/inference catalog gpus")
    assert "table" in seen_blocks(ada.wait_for_message(containing="Accelerators"))
    ada.type("/inference catalog models")
    assert "table" in seen_blocks(ada.wait_for_message(containing="Models"))
    refuse()
    ada.type("/inference catalog gpus")
    assert "rich_text" in seen_blocks(ada.wait_for_message(containing="Accelerators"))
    ada.type("/inference 7B on L4")
    assert "rich_text" in seen_blocks(ada.wait_for_message(containing="Fits"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("*Fits.* `7B` on _L4_", "Fits. 7B on L4"),
        (":warning: late", "late"),
        ("a | b\nc", "a b c"),
        ("<!channel> & <@U1> in <#C1>", "&lt;!channel> &amp; <@U1> in <#C1>"),
        ("due <!date^1764000000^{date}|2025-11-24 16:00 UTC>", "due 2025-11-24 16:00 UTC"),
        ("at 09:00:00", "at 09:00:00"),
        ("`0 9 8-14 3,11 * UTC` and `*/5 1 * * * UTC`", "0 9 8-14 3,11 * UTC and */5 1 * * * UTC"),
        ("&lt;!here&gt; &lt;@U1&gt;", "&lt;!here&gt; &lt;@U1&gt;"),
    ],
)
def test_what_is_read_out_has_no_markup(text, said):
    assert spoken(text) == said
    assert spoken(said) == said


def test_a_long_text_ends_with_a_whole_sentence_or_word():
    assert spoken("One thing holds. " * 40).endswith("holds.")
    assert spoken("word " * 100).endswith("word…")
    assert len(spoken("x" * 1000)) == 300


def test_a_list_is_cut_in_words():
    assert some(["a", "b"]) == "a, b"
    assert some(list("abcdefg")) == "a, b, c, d, e and 2 more"
