"""One step past one limit: for each kind what is put into a sound payload (None takes a key out)."""

from typing import Any

Change = dict[str, Any]
LONG_ID = "x" * 256
LONG_URL = "https://example.com/" + "x" * 2981


def plain(length):
    return {"type": "plain_text", "text": "x" * length}


def mrkdwn(length):
    return {"type": "mrkdwn", "text": "x" * length}


def option(text=1, value=1, **more):
    return {"text": plain(text), "value": "x" * value, **more}


def confirm(**more):
    return {"confirm": {"title": plain(1), "text": plain(1), "confirm": plain(1), "deny": plain(1), **more}}


def button(**more):
    return {"type": "button", "text": plain(1), **more}


def section(**more):
    return {"type": "section", "text": plain(1), **more}


def cells(wide, rows=1, length=1):
    return [[{"type": "raw_text", "text": "x" * length}] * wide] * rows


ICON = {"type": "icon_button", "icon": "trash", "text": plain(1)}
EMPTY = {"type": "text", "text": ""}
CONTAINER = {"type": "container", "title": plain(1), "child_blocks": [section()]}
FIELD = {"type": "input", "label": plain(1), "element": {"type": "plain_text_input"}}
ANY_BLOCK = {"a block_id of 256": {"block_id": LONG_ID}}
ANY_ELEMENT = {"an action_id of 256": {"action_id": LONG_ID}}
ANY_CONFIRM = {
    "a confirm title of 101": confirm(title=plain(101)),
    "a confirm text of 301": confirm(text=plain(301)),
    "a confirm label of 31": confirm(confirm=plain(31)),
    "a deny label of 31": confirm(deny=plain(31)),
    "a confirm style of its own": confirm(style="green"),
}
ANY_INPUT = {"a placeholder of 151": {"placeholder": plain(151)}}
ANY_OPTIONS = {
    "an option text of 76": {"options": [option(76)]},
    "an option value of 151": {"options": [option(1, 151)]},
    "an option description of 76": {"options": [option(description=plain(76))]},
    "an empty option text": {"options": [option(0)]},
    "no options": {"options": []},
}
SELECT = {**ANY_ELEMENT, **ANY_CONFIRM, **ANY_INPUT, **ANY_OPTIONS}
STATIC = {
    **SELECT,
    "101 options": {"options": [option()] * 101},
    "101 option groups": {"options": None, "option_groups": [{"label": plain(1), "options": [option()]}] * 101},
    "a group label of 76": {"options": None, "option_groups": [{"label": plain(76), "options": [option()]}]},
    "a group of 101": {"options": None, "option_groups": [{"label": plain(1), "options": [option()] * 101}]},
    "options and option groups": {"option_groups": [{"label": plain(1), "options": [option()]}]},
    "neither options nor option groups": {"options": None},
}
TEXT_INPUT = {**ANY_ELEMENT, **ANY_INPUT, "an initial value of 3001": {"initial_value": "x" * 3001}}
LABELLED = {"a text of 76": {"text": plain(76)}, "an empty text": {"text": plain(0)}, "no text": {"text": None}}
SPOKEN = {"an accessibility label of 76": {"accessibility_label": "x" * 76}}
VALUED = {"a value of 2001": {"value": "x" * 2001}}
TEN = {**ANY_ELEMENT, **ANY_CONFIRM, **ANY_OPTIONS, "11 options": {"options": [option()] * 11}}

ELEMENT_LIMITS: dict[str, dict[str, Change]] = {
    "button": {**ANY_ELEMENT, **ANY_CONFIRM, **LABELLED, **SPOKEN, **VALUED, "a url of 3001": {"url": LONG_URL},
               "a style of its own": {"style": "green"}, "a text in mrkdwn": {"text": mrkdwn(1)},
               "an agent prompt of 4001": {"agent_prompt": "x" * 4001}},
    "workflow_button": {**ANY_ELEMENT, **LABELLED, **SPOKEN, "a style of its own": {"style": "green"},
                        "no workflow": {"workflow": None}},
    "overflow": {**ANY_ELEMENT, **ANY_CONFIRM, **ANY_OPTIONS, "6 options": {"options": [option()] * 6}},
    "checkboxes": TEN,
    "radio_buttons": TEN,
    "datepicker": {**ANY_ELEMENT, **ANY_CONFIRM, **ANY_INPUT, "a date in words": {"initial_date": "1 May 2026"},
                   "a thirteenth month": {"initial_date": "2026-13-01"}},
    "timepicker": {**ANY_ELEMENT, **ANY_CONFIRM, **ANY_INPUT, "an hour of 24": {"initial_time": "24:00"}},
    "datetimepicker": {**ANY_ELEMENT, **ANY_CONFIRM, "a moment of 11 digits": {"initial_date_time": 10**10}},
    "static_select": {**STATIC, "an initial option that is not offered": {"initial_option": option(2)}},
    "multi_static_select": {**STATIC, "no items to select": {"max_selected_items": 0}},
    "external_select": {**ANY_ELEMENT, **ANY_CONFIRM, **ANY_INPUT,
                        "a long initial option": {"initial_option": option(76)}},
    "conversations_select": {**ANY_ELEMENT, **ANY_INPUT, "an empty filter": {"filter": {}},
                             "a filter of its own": {"filter": {"include": ["everything"]}}},
    "users_select": {**ANY_ELEMENT, **ANY_CONFIRM, **ANY_INPUT},
    "plain_text_input": {**TEXT_INPUT, "a max_length of 3001": {"max_length": 3001},
                         "more at least than at most": {"min_length": 5, "max_length": 3}},
    "email_text_input": TEXT_INPUT,
    "url_text_input": TEXT_INPUT,
    "number_input": {**ANY_ELEMENT, **ANY_INPUT, "no is_decimal_allowed": {"is_decimal_allowed": None},
                     "more at least than at most": {"min_value": "5", "max_value": "3"}},
    "rich_text_input": {**ANY_ELEMENT, **ANY_INPUT, "101 lines": {"max_lines": 101}},
    "file_input": {**ANY_ELEMENT, "11 files": {"max_files": 11}},
    "feedback_buttons": {**ANY_ELEMENT, "a text of 76": {"positive_button": {"text": plain(76), "value": "x"}},
                         "a value of 2001": {"negative_button": {"text": plain(1), "value": "x" * 2001}}},
    "icon_button": {**ANY_ELEMENT, **ANY_CONFIRM, **LABELLED, **SPOKEN, **VALUED,
                    "an icon of its own": {"icon": "rocket"}},
    "image element": {"an alt_text of 2001": {"alt_text": "x" * 2001}, "no alt_text": {"alt_text": None},
                      "a url of 3001": {"image_url": LONG_URL, "slack_file": None},
                      "neither a url nor a file": {"image_url": None, "slack_file": None}},
}  # fmt: skip

BLOCK_LIMITS: dict[str, dict[str, Change]] = {
    "section": {**ANY_BLOCK, "a text of 3001": {"text": mrkdwn(3001)}, "an empty text": {"text": mrkdwn(0)},
                "11 fields": {"fields": [plain(1)] * 11}, "a field of 2001": {"fields": [plain(2001)]},
                "an empty field": {"fields": [plain(0)]}, "neither text nor fields": {"text": None, "fields": None},
                "an accessory for inputs alone": {"accessory": {"type": "plain_text_input"}},
                "a key of its own": {"colour": "red"}},
    "header": {**ANY_BLOCK, "a text of 151": {"text": plain(151)}, "an empty text": {"text": plain(0)},
               "no text": {"text": None}, "a text in mrkdwn": {"text": mrkdwn(1)}},
    "context": {**ANY_BLOCK, "11 elements": {"elements": [plain(1)] * 11}, "no elements": {"elements": []},
                "a text of 3001": {"elements": [mrkdwn(3001)]}, "a button": {"elements": [button()]}},
    "actions": {**ANY_BLOCK, "26 elements": {"elements": [button()] * 26}, "no elements": {"elements": []},
                "an action_id twice": {"elements": [button(action_id="a")] * 2},
                "an input's element": {"elements": [{"type": "plain_text_input"}]}},
    "context_actions": {**ANY_BLOCK, "6 elements": {"elements": [ICON] * 6},
                        "no elements": {"elements": []}, "a button": {"elements": [button()]}},
    "divider": ANY_BLOCK,
    "input": {**ANY_BLOCK, "a label of 2001": {"label": plain(2001)}, "a hint of 2001": {"hint": plain(2001)},
              "an empty label": {"label": plain(0)}, "no label": {"label": None}, "no element": {"element": None},
              "a button": {"element": button()}},
    "image": {**ANY_BLOCK, "an alt_text of 2001": {"alt_text": "x" * 2001}, "no alt_text": {"alt_text": None},
              "a url of 3001": {"image_url": LONG_URL}, "a title of 2001": {"title": plain(2001)},
              "neither a url nor a file": {"image_url": None}, "a title in mrkdwn": {"title": mrkdwn(1)}},
    "rich_text": {**ANY_BLOCK, "no elements": {"elements": []},
                  "a text outside a section": {"elements": [{"type": "text", "text": "x"}]},
                  "an empty text": {"elements": [{"type": "rich_text_section", "elements": [EMPTY]}]},
                  "a list style of its own": {"elements": [{"type": "rich_text_list", "style": "roman", "elements": [
                      {"type": "rich_text_section", "elements": []}]}]}},
    "table": {**ANY_BLOCK, "101 rows": {"rows": cells(1, 101)}, "21 columns": {"rows": cells(21)},
              "no rows": {"rows": []},
              "ragged rows": {"rows": [*cells(2), *cells(1)]}, "10,001 characters": {"rows": cells(1, 1, 10_001)},
              "an empty cell": {"rows": cells(1, 1, 0)}, "21 column settings": {"column_settings": [None] * 21}},
    "markdown": {**ANY_BLOCK, "a text of 12,001": {"text": "x" * 12_001}, "an empty text": {"text": ""},
                 "no text": {"text": None}},
    "video": {**ANY_BLOCK, "a title of 200": {"title": plain(200)}, "an author of 50": {"author_name": "x" * 50},
              "no title": {"title": None}, "no video": {"video_url": None}, "no thumbnail": {"thumbnail_url": None},
              "no alt_text": {"alt_text": None}, "a description of 200": {"description": plain(200)}},
    "file": {**ANY_BLOCK, "no external_id": {"external_id": None}, "a source of its own": {"source": "local"}},
    "card": {**ANY_BLOCK, "a title of 151": {"title": mrkdwn(151)}, "a subtitle of 151": {"subtitle": mrkdwn(151)},
             "a body of 201": {"body": mrkdwn(201)}, "4 buttons": {"actions": [button()] * 4},
             "nothing": {"title": None, "body": None, "hero_image": None, "actions": None}},
    "carousel": {**ANY_BLOCK, "11 cards": {"elements": [{"type": "card", "title": plain(1)}] * 11},
                 "no cards": {"elements": []}, "a section": {"elements": [section()]}},
    "container": {**ANY_BLOCK, "a title of 151": {"title": plain(151)}, "a subtitle of 151": {"subtitle": plain(151)},
                  "11 blocks": {"child_blocks": [section()] * 11}, "no blocks": {"child_blocks": []},
                  "no title": {"title": None}, "a width of its own": {"width": "huge"},
                  "a container": {"child_blocks": [CONTAINER]}},
    "task_card": {**ANY_BLOCK, "no task_id": {"task_id": None}, "no title": {"title": None},
                  "a status of its own": {"status": "late"}},
    "plan": {**ANY_BLOCK, "no title": {"title": None}, "a section": {"tasks": [section()]}},
    "alert": {**ANY_BLOCK, "a text of 201": {"text": mrkdwn(201)}, "no text": {"text": None},
              "a level of its own": {"level": "calm"}},
}  # fmt: skip

ANY_VIEW = {
    "101 blocks": {"blocks": [section()] * 101},
    "a private_metadata of 3001": {"private_metadata": "x" * 3001},
    "a callback_id of 256": {"callback_id": LONG_ID},
    "an external_id of 256": {"external_id": LONG_ID},
    "a block_id twice": {"blocks": [section(block_id="b")] * 2},
    "a table": {"blocks": [{"type": "table", "rows": cells(1)}]},
    "no blocks": {"blocks": None},
}
VIEW_LIMITS: dict[str, dict[str, Change]] = {
    "modal": {**ANY_VIEW, "a title of 25": {"title": plain(25)}, "a submit of 25": {"submit": plain(25)},
              "a close of 25": {"close": plain(25)}, "no title": {"title": None}, "an empty title": {"title": plain(0)},
              "inputs and no submit": {"blocks": [FIELD], "submit": None}, "a type of its own": {"type": "window"},
              "250 kB": {"blocks": [section(text=plain(2900))] * 90}},
    "home": {**ANY_VIEW, "a submit": {"submit": plain(1)}, "a close": {"close": plain(1)},
             "a title": {"title": plain(1)},
             "an alert": {"blocks": [{"type": "alert", "text": plain(1)}]}},
}  # fmt: skip
LIMITS = {**BLOCK_LIMITS, **ELEMENT_LIMITS, **VIEW_LIMITS}
