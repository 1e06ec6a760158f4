"""Blocks and views within Slack's limits, as hypothesis draws them: every kind, element and composition object."""

from hypothesis import strategies as st

LETTERS = st.text("abc *_<&é\u2019\U0001f600", min_size=1, max_size=8)
YES_NO = st.booleans()


def words(most=None):
    """A short text, or one of exactly the length that is just allowed."""
    return LETTERS | st.just("x" * most) if most else LETTERS


def listed(each, most, least=1):
    """A short list, or one of exactly the length that is just allowed."""
    return st.lists(each, min_size=least, max_size=max(least, 3)) | each.map(lambda one: [one] * most)


def thing(kind, required=None, **optional):
    """An object of this type with some of its optional keys."""
    typed = {"type": st.just(kind)} if kind else {}
    return st.fixed_dictionaries({**typed, **(required or {})}, optional=optional)


def plain(most):
    return thing("plain_text", {"text": words(most)}, emoji=YES_NO)


def text(most):
    return plain(most) | thing("mrkdwn", {"text": words(most)}, verbatim=YES_NO)


def chosen(each, key, names="options"):
    """The element, with its first option chosen or with none."""

    def choose(value, wanted):
        options = value.get("options") or value["option_groups"][0]["options"]
        return {**value, key: options[:1] if key.endswith("s") else options[0]} if wanted else value

    return st.builds(choose, each, YES_NO)


ID = st.just("x" * 255) | LETTERS
URL = st.just("https://example.com/" + "x" * 2980) | st.just("https://example.com/a")
OPTION = thing(None, {"text": plain(75), "value": words(150)}, description=plain(75))
TICK = thing(None, {"text": text(75), "value": words(150)}, description=text(75))
ENTRY = thing(None, {"text": plain(75), "value": words(150)}, description=plain(75), url=URL)
GROUP = thing(None, {"label": plain(75), "options": listed(OPTION, 100)})
STYLE = st.sampled_from(["primary", "danger"])
CONFIRM = thing(None, {"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)}, style=STYLE)
DISPATCH = thing(None, {"trigger_actions_on": st.just(["on_enter_pressed"])})
FILTER = thing(None, {"include": st.just(["im", "public"])}, exclude_bot_users=YES_NO)
FOCUS = {"focus_on_load": YES_NO, "placeholder": plain(150)}
PICKED = {**FOCUS, "confirm": CONFIRM}
TYPED = {**FOCUS, "initial_value": words(3000), "dispatch_action_config": DISPATCH}
MANY = {**PICKED, "max_selected_items": st.integers(1, 9)}
OPTIONS = {"options": listed(OPTION, 100)}
FILE = thing(None, {"id": st.just("F1")})
PICTURE = thing("image", {"alt_text": words(2000), "image_url": URL}) | thing(
    "image", {"alt_text": words(2000), "slack_file": FILE}
)
SPOKEN = {"accessibility_label": words(75)}

BUTTONS = {
    "button": thing("button", {"text": plain(75)}, url=URL, value=words(2000), style=STYLE, confirm=CONFIRM, **SPOKEN,
                    agent_prompt=words(4000), visible_to_user_ids=st.just(["U1"])),
    "workflow_button": thing("workflow_button", {"text": plain(75), "workflow": st.just({"trigger": {"url": "u"}})},
                             style=STYLE, **SPOKEN),
    "overflow": thing("overflow", {"options": listed(ENTRY, 5)}, confirm=CONFIRM),
}  # fmt: skip
CHOICES = {
    "checkboxes": chosen(
        thing("checkboxes", {"options": listed(TICK, 10)}, confirm=CONFIRM, focus_on_load=YES_NO), "initial_options"
    ),
    "radio_buttons": chosen(
        thing("radio_buttons", {"options": listed(TICK, 10)}, confirm=CONFIRM, focus_on_load=YES_NO), "initial_option"
    ),
    "datepicker": thing("datepicker", initial_date=st.dates().map(str), **PICKED),
    "timepicker": thing("timepicker", initial_time=st.just("23:59"), timezone=st.just("Europe/Berlin"), **PICKED),
    "datetimepicker": thing("datetimepicker", initial_date_time=st.integers(10**9, 10**10 - 1), confirm=CONFIRM),
    "static_select": chosen(thing("static_select", OPTIONS, **PICKED), "initial_option"),
    "static_select of groups": chosen(
        thing("static_select", {"option_groups": listed(GROUP, 100)}, **PICKED), "initial_option"
    ),
    "external_select": thing("external_select", initial_option=OPTION, min_query_length=st.integers(0, 3), **PICKED),
    "users_select": thing("users_select", initial_user=ID, **PICKED),
    "conversations_select": thing(
        "conversations_select",
        initial_conversation=ID,
        response_url_enabled=YES_NO,
        default_to_current_conversation=YES_NO,
        filter=FILTER,
        **PICKED,
    ),
    "channels_select": thing("channels_select", initial_channel=ID, response_url_enabled=YES_NO, **PICKED),
    "multi_static_select": chosen(thing("multi_static_select", OPTIONS, **MANY), "initial_options"),
    "multi_external_select": thing("multi_external_select", initial_options=listed(OPTION, 100), **MANY),
    "multi_users_select": thing("multi_users_select", initial_users=st.just(["U1"]), **MANY),
    "multi_conversations_select": thing(
        "multi_conversations_select", initial_conversations=st.just(["C1"]), filter=FILTER, **MANY
    ),
    "multi_channels_select": thing("multi_channels_select", initial_channels=st.just(["C1"]), **MANY),
}
LINES = st.integers(1, 100)
LENGTHS = {"min_length": st.integers(0, 9), "max_length": st.integers(9, 3000)}
INPUTS = {
    "plain_text_input": thing("plain_text_input", multiline=YES_NO, **LENGTHS, **TYPED),
    "email_text_input": thing("email_text_input", **TYPED),
    "url_text_input": thing("url_text_input", **TYPED),
    "number_input": thing(
        "number_input", {"is_decimal_allowed": YES_NO}, min_value=st.just("1"), max_value=st.just("9"), **TYPED
    ),
    "rich_text_input": thing(
        "rich_text_input", min_lines=LINES, max_lines=LINES, dispatch_action_config=DISPATCH, **FOCUS
    ),
    "file_input": thing("file_input", filetypes=st.just(["csv", "pdf"]), max_files=st.integers(1, 10)),
}
FEEDBACK = thing(None, {"text": plain(75), "value": words(2000)}, **SPOKEN)
CONTEXT_ACTIONS = {
    "feedback_buttons": thing("feedback_buttons", {"positive_button": FEEDBACK, "negative_button": FEEDBACK}),
    "icon_button": thing(
        "icon_button",
        {"icon": st.just("trash"), "text": plain(75)},
        value=words(2000),
        confirm=CONFIRM,
        visible_to_user_ids=st.just(["U1"]),
        **SPOKEN,
    ),
}
ELEMENTS = {**BUTTONS, **CHOICES, **INPUTS, **CONTEXT_ACTIONS, "image element": PICTURE}


def numbered(elements):
    """The elements with action ids of their own."""
    return [{**one, "action_id": f"a{index}"} for index, one in enumerate(elements)]
