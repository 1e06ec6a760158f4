"""Slack's limits: what passes at the limit is refused one past it."""

import pytest

from bot.limits.payloads import blocks_too_long, check_blocks, check_message, check_view


def plain(text="x"):
    return {"type": "plain_text", "text": text}


def mrkdwn(text="x"):
    return {"type": "mrkdwn", "text": text}


def option(text="x", value="v"):
    return {"text": plain(text), "value": value}


def section(text="x", **more):
    return {"type": "section", "text": mrkdwn(text), **more}


def button(**more):
    return {"type": "button", "text": plain(), **more}


def actions(*elements, **more):
    return {"type": "actions", "elements": list(elements), **more}


def field(element, **more):
    return {"type": "input", "label": plain(), "element": element, **more}


def text_input(**more):
    return {"type": "plain_text_input", "action_id": "a", **more}


def select(**more):
    return {"type": "static_select", "options": [option()], **more}


def table(rows, **more):
    return {"type": "table", "rows": rows, **more}


def data_table(rows, **more):
    return {"type": "data_table", "caption": "c", "rows": rows, **more}


def raw(text="x"):
    return {"type": "raw_text", "text": text}


def number(value, **more):
    return {"type": "raw_number", "value": value, "text": str(value), **more}


def picker(kind="datepicker", **more):
    return {"type": kind, **more}


def chart(kind="line", series=1, points=2, **more):
    labels = [f"c{n}" for n in range(points)]
    data = [{"name": f"s{n}", "data": [{"label": one, "value": 1} for one in labels]} for n in range(series)]
    plot = {"type": kind, "series": data, "axis_config": {"categories": labels}}
    return {"type": "data_visualization", "title": "t", "chart": plot, **more}


def pie(*values):
    segments = [{"label": f"s{n}", "value": value} for n, value in enumerate(values)]
    return {"type": "data_visualization", "title": "t", "chart": {"type": "pie", "segments": segments}}


def modal(*blocks, **more):
    return {"type": "modal", "title": plain(), "submit": plain(), "blocks": list(blocks), **more}


SOUND = [
    section("x" * 3000),
    section("x", fields=[mrkdwn("x" * 2000)] * 10),
    {"type": "header", "text": plain("x" * 150)},
    {
        "type": "context",
        "elements": [mrkdwn("x" * 3000), plain(), {"type": "image", "image_url": "u", "alt_text": "a"}],
    },
    actions(*[button(action_id=f"a{n}", value="v" * 2000) for n in range(25)]),
    actions({"type": "overflow", "options": [option()] * 5}, select(options=[option("x" * 75, "v" * 150)] * 100)),
    {"type": "divider"},
    {"type": "image", "image_url": "u", "alt_text": "a"},
    {"type": "markdown", "text": "x" * 12_000},
    {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "x"}]}]},
    table([[raw()] * 20] * 100, column_settings=[None, {"align": "right", "is_wrapped": True}]),
    data_table([[raw(), raw()], [raw(), number(1.5)]], page_size=100),
    table([[raw(), number(2)]]),
    chart(series=6, points=20),
    chart("bar"),
    chart("area"),
    pie(1, 2, 3, 4, 5, 6),
    {"type": "context_actions", "elements": [{"type": "icon_button", "icon": "trash", "text": plain()}]},
    {"type": "card", "title": mrkdwn("x" * 150), "body": mrkdwn("x" * 200), "actions": [button()]},
    {"type": "container", "title": plain(), "child_blocks": [section()] * 10},
    actions(
        picker(initial_date="2026-12-31"), picker("timepicker", initial_time="23:59"), button(agent_prompt="x" * 4000)
    ),
    actions(picker("datetimepicker", initial_date_time=9_999_999_999)),
    field({"type": "rich_text_input", "min_lines": 1, "max_lines": 100}),
    {
        "type": "plan",
        "title": "x",
        "tasks": [{"type": "task_card", "task_id": "t", "title": "x", "status": "complete"}],
    },
]

TOO_MUCH = [
    (section("x" * 3001), "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"),
    (section(""), "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
    ({"type": "section"}, "must define one of `text`, `fields` [json-pointer:/blocks/0]"),
    (section(fields=[mrkdwn()] * 11), "no more than 10 items allowed [json-pointer:/blocks/0/fields]"),
    (section(fields=[mrkdwn("x" * 2001)]), "less than 2001 characters [json-pointer:/blocks/0/fields/0/text]"),
    ({"type": "header", "text": plain("x" * 151)}, "less than 151 characters"),
    ({"type": "header", "text": mrkdwn()}, "unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]"),
    ({"type": "context", "elements": [mrkdwn()] * 11}, "no more than 10 items"),
    ({"type": "context", "elements": [mrkdwn("x" * 3001)]}, "less than 3001 characters"),
    (actions(*[button() for _ in range(26)]), "no more than 25 items allowed [json-pointer:/blocks/0/elements]"),
    (actions(), "no less than 1 items"),
    (actions(button(text=plain("x" * 76))), "less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]"),
    (actions(button(value="x" * 2001)), "less than 2001 characters"),
    (actions(button(action_id="x" * 256)), "less than 256 characters"),
    (actions(button(style="green")), "must be a valid enum value"),
    (actions(button(action_id="a"), button(action_id="a")), "action_id `a` already exists"),
    (actions(button(colour="red")), "invalid additional property: colour"),
    (actions({"type": "overflow", "options": [option()] * 6}), "no more than 5 items"),
    (actions({"type": "checkboxes", "options": [option()] * 11}), "no more than 10 items"),
    (actions({"type": "radio_buttons", "options": [option()] * 11}), "no more than 10 items"),
    (actions(select(options=[option()] * 101)), "no more than 100 items"),
    (actions(select(options=[option("x" * 76)])), "less than 76 characters"),
    (actions(select(options=[option("x", "v" * 151)])), "less than 151 characters"),
    (actions(select(placeholder=plain("x" * 151))), "less than 151 characters"),
    (actions(select(initial_option=option("other"))), "must exactly match one of the options"),
    (actions({"type": "static_select"}), "must define either `options` or `option_groups`"),
    (field(text_input(), label=plain("x" * 2001)), "less than 2001 characters"),
    (field(text_input(), hint=plain("x" * 2001)), "less than 2001 characters"),
    (field(text_input(min_length=5, max_length=3)), "less than or equal to `max_length`"),
    (field({"type": "number_input"}), "missing required field: is_decimal_allowed"),
    (field({"type": "rich_text_input", "max_lines": 101}), "less than or equal to 100"),
    (
        field({"type": "rich_text_input", "initial_value": {"type": "rich_text", "elements": []}}),
        "no less than 1 items",
    ),
    (actions(picker(initial_date="1 May 2026")), "must be in format YYYY-MM-DD"),
    (actions(picker("timepicker", initial_time="24:00")), "must be in format HH:mm"),
    (actions(picker("datetimepicker", initial_date_time=10**10)), "less than or equal to 9999999999"),
    (actions(button(agent_prompt="x" * 4001)), "less than 4001 characters"),
    ({"type": "task_card", "task_id": "t", "title": "x", "status": "late"}, "must be a valid enum value: pending"),
    ({"type": "plan", "title": "x", "tasks": [section()]}, "unsupported type: section"),
    (table([[number(1, text="")]]), "must be more than 0 characters"),
    (data_table([[raw()], [{"type": "raw_number", "value": 1}]]), "missing required field: text"),
    (table([[raw()]] * 101), "no more than 100 items"),
    (table([[raw()] * 21]), "no more than 20 items"),
    (table([[raw("x" * 5001)], [raw("x" * 5000)]]), "less than 10001 characters in all cells"),
    (table([[raw(), raw()], [raw()]]), "must have 2 cells"),
    (table([[raw("")]]), "must be more than 0 characters"),
    (data_table([[raw()]]), "no less than 2 items"),
    (data_table([[raw()]] * 102), "no more than 101 items"),
    ({"type": "data_table", "rows": [[raw()]] * 2}, "missing required field: caption"),
    (data_table([[{"type": "rich_text", "elements": []}], [raw()]]), "not allowed in a header cell"),
    (data_table([[raw()]] * 2, page_size=101), "less than or equal to 100"),
    (chart(series=7), "no more than 6 items"),
    (chart(points=21), "no more than 20 items"),
    (chart(title="x" * 51), "less than 51 characters"),
    (pie(1, 0), "must be greater than 0"),
    (pie(*range(1, 8)), "no more than 6 items"),
    ({"type": "card", "title": mrkdwn("x" * 151)}, "less than 151 characters"),
    ({"type": "card", "body": mrkdwn("x" * 201)}, "less than 201 characters"),
    ({"type": "container", "title": plain(), "child_blocks": [section()] * 11}, "no more than 10 items"),
    ({"type": "alert", "text": mrkdwn()}, "unsupported type: alert"),
    ({"type": "hologram"}, "unsupported type: hologram [json-pointer:/blocks/0/type]"),
    ({"text": "x"}, "missing required field: type"),
    ("words", "must provide an object"),
]


@pytest.mark.parametrize("block", SOUND, ids=lambda block: block["type"])
def test_a_block_at_its_limits_passes(block):
    assert check_blocks([block], "message") == []


@pytest.mark.parametrize(("block", "expected"), TOO_MUCH, ids=[expected for _, expected in TOO_MUCH])
def test_a_block_past_its_limits_is_refused_in_slacks_words(block, expected):
    problems = check_blocks([block], "message")
    assert any(expected in problem for problem in problems), problems
    assert all(problem.startswith("[ERROR] ") and "[json-pointer:/" in problem for problem in problems)


def test_a_chart_needs_a_point_for_each_category_and_names_of_its_own():
    ragged = chart()
    ragged["chart"]["series"][0]["data"].pop()
    assert "one data point for each category" in check_blocks([ragged], "message")[0]
    twins = chart(series=2)
    twins["chart"]["series"][1]["name"] = "s0"
    assert "unique" in check_blocks([twins], "message")[0]


def test_a_message_has_fifty_blocks_and_a_view_a_hundred():
    assert check_message({"text": "x", "blocks": [section()] * 50}) == []
    assert "no more than 50 items" in check_message({"text": "x", "blocks": [section()] * 51})[0]
    assert check_view(modal(*[section()] * 100)) == []
    assert "no more than 100 items" in check_view(modal(*[section()] * 101))[0]


def test_block_ids_are_unique():
    assert "block_id `b` already exists" in check_blocks([section(block_id="b")] * 2, "message")[0]


def test_a_message_has_one_table_and_two_charts():
    grids = [table([[raw()]]), data_table([[raw()]] * 2)]
    assert check_blocks(grids, "message") == ["[ERROR] only_one_table_allowed [json-pointer:/blocks/1]"]
    assert check_blocks([chart(), chart()], "message") == []
    assert "no more than 2" in check_blocks([chart()] * 3, "message")[0]


def test_markdown_blocks_share_one_limit():
    blocks = [{"type": "markdown", "text": "x" * 7000}] * 2
    assert "all markdown blocks" in check_blocks(blocks, "message")[0]


def test_blocks_have_a_limit_in_json():
    blocks = [section("x" * 2900)] * 5
    assert blocks_too_long(blocks)
    assert any("msg_blocks_too_long" in problem for problem in check_message({"text": "x", "blocks": blocks}))


def test_a_message_needs_text_or_blocks_and_no_more_than_forty_thousand_characters():
    assert "missing required field: text" in check_message({"text": ""})[0]
    assert "less than 40001" in check_message({"text": "x" * 40_001})[0]


@pytest.mark.parametrize("kind", ["table", "data_table", "markdown", "data_visualization", "card", "carousel"])
def test_modals_have_no_tables_charts_and_cards(kind):
    assert f"unsupported type: {kind}" in check_view(modal({"type": kind}))[0]


def test_a_modal_with_inputs_needs_a_submit_button():
    view = modal(field(text_input()))
    del view["submit"]
    assert check_view(view) == ["[ERROR] missing required field: submit [json-pointer:/view]"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"title": plain("x" * 25)}, "less than 25 characters [json-pointer:/view/title/text]"),
        ({"submit": plain("x" * 25)}, "less than 25 characters"),
        ({"close": plain("x" * 25)}, "less than 25 characters"),
        ({"private_metadata": "x" * 3001}, "less than 3001 characters"),
        ({"callback_id": "x" * 256}, "less than 256 characters"),
        ({"type": "window"}, "unsupported type: window"),
        ({"colour": "red"}, "invalid additional property: colour"),
    ],
)
def test_a_view_past_its_limits_is_refused(changes, expected):
    assert expected in check_view({**modal(), **changes})[0]


def test_a_home_tab_has_no_title_and_no_alert():
    assert check_view({"type": "home", "blocks": [section()]}) == []
    assert check_view({"type": "home", "title": plain(), "blocks": []})
    assert check_view({"type": "home", "blocks": [{"type": "alert", "text": mrkdwn()}]})
    assert check_view(modal({"type": "alert", "text": mrkdwn(), "level": "warning"})) == []


def test_a_view_is_smaller_than_a_quarter_megabyte():
    blocks = [section("x" * 2900) for _ in range(90)]
    assert any("view_too_large" in problem for problem in check_view(modal(*blocks)))
