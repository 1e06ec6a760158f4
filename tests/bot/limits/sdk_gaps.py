"""Where slack_sdk's models and the limit checker differ (Slack is with the checker), and what the models lose."""

MISSED_BY_THE_SDK = {
    "section": {"an empty text", "a field of 2001", "an empty field", "an accessory for inputs alone",
                "a key of its own"},
    "header": {"an empty text", "a text in mrkdwn"},
    "context": {"no elements", "a text of 3001", "a button"},
    "actions": {"no elements", "an action_id twice", "an input's element"},
    "context_actions": {"a button"},
    "input": {"an empty label"},
    "image": {"neither a url nor a file"},
    "rich_text": {"no elements", "a text outside a section", "an empty text", "a list style of its own"},
    "table": {"101 rows", "21 columns", "ragged rows", "10,001 characters", "an empty cell", "21 column settings"},
    "video": {"a description of 200"},
    "file": {"a source of its own"},
    "card": {"4 buttons"},
    "carousel": {"a section"},
    "container": {"a container"},
    "plan": {"a section"},
    "alert": {"a text of 201"},
    "button": {"an empty text", "a text in mrkdwn"},
    "workflow_button": {"a text of 76", "an empty text", "an accessibility label of 76", "a style of its own",
                        "no workflow"},
    "overflow": {"an option text of 76", "an option value of 151", "an option description of 76",
                 "an empty option text"},
    "checkboxes": {"an option description of 76", "an empty option text", "no options", "11 options"},
    "radio_buttons": {"an option text of 76", "an option value of 151", "an option description of 76",
                      "an empty option text", "no options", "11 options"},
    "static_select": {"an option text of 76", "an option value of 151", "an option description of 76",
                      "an empty option text", "no options", "a group label of 76", "a group of 101",
                      "an initial option that is not offered"},
    "multi_static_select": {"an option description of 76", "an empty option text", "no options",
                            "no items to select"},
    "external_select": {"a long initial option"},
    "conversations_select": {"an empty filter", "a filter of its own"},
    "plain_text_input": {"an initial value of 3001", "a max_length of 3001", "more at least than at most"},
    "email_text_input": {"an initial value of 3001"},
    "url_text_input": {"an initial value of 3001"},
    "number_input": {"no is_decimal_allowed", "more at least than at most"},
    "rich_text_input": {"101 lines"},
    "file_input": {"11 files"},
    "icon_button": {"a text of 76", "an empty text", "an accessibility label of 76", "a value of 2001",
                    "an icon of its own"},
    "image element": {"neither a url nor a file"},
    "modal": {"an external_id of 256", "a block_id twice", "a table", "no title", "inputs and no submit", "250 kB"},
    "home": {"an external_id of 256", "a block_id twice", "a table", "a title", "an alert"},
}  # fmt: skip

PLAIN = {"type": "plain_text", "text": "x"}
SECTION = {"type": "section", "text": PLAIN}
ONLY_REFUSED_BY_THE_SDK = {
    "a view without any block": {"type": "home", "blocks": []},
    "a divider under the title of what folds": {
        "type": "container",
        "title": PLAIN,
        "child_blocks": [SECTION],
        "is_collapsible": True,
        "has_header_divider": True,
    },
    "a task without a status": {"type": "task_card", "task_id": "t", "title": "x"},
}
ONLY_KNOWN_TO_THE_SDK = {
    "call": {"type": "call", "call_id": "R1"},
    "auth_provider": {"type": "auth_provider", "value": "v", "name": PLAIN, "is_connected": False},
    "a team in rich text": {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": [{"type": "team", "team_id": "T1"}]}],
    },
    "workflow_step": {"type": "workflow_step", "blocks": [SECTION]},
}
WITHOUT_A_CLASS = {
    "data_table": {"type": "data_table", "caption": "c", "rows": [[{"type": "raw_text", "text": "x"}]] * 2},
    "data_visualization": {
        "type": "data_visualization",
        "title": "t",
        "chart": {"type": "pie", "segments": [{"label": "a", "value": 1}]},
    },
}
LINK = {"type": "link", "url": "https://example.com", "unsafe": True}
LOST_BY_THE_SDK = {
    "level": {"type": "header", "text": PLAIN, "level": 2},
    "submit_disabled": {"type": "modal", "title": PLAIN, "blocks": [SECTION], "submit_disabled": True},
    "unsafe": {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [LINK]}]},
    "language": {
        "type": "rich_text",
        "elements": [
            {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "x"}], "language": "python"},
        ],
    },
    "border": {"type": "rich_text", "elements": [{"type": "rich_text_quote", "elements": [], "border": 1}]},
    "slack_icon": {"type": "card", "title": PLAIN, "slack_icon": {"name": "star"}},
}
