"""Every kind of input in a form: filled in with the page as people do, and what the app is told."""

import pytest
from playwright.sync_api import expect
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from tests.bot.browser.window import Window
from tests.bot.workspace.conftest import MANIFEST, field, option, plain

GROUPS = [{"label": plain("Near"), "options": [option("Bern")]}, {"label": plain("Far"), "options": [option("Boston")]}]


def element(kind, **more):
    return {"type": kind, "action_id": "value", **more}


FIELDS = {
    "Name": element("plain_text_input"),
    "Letter": element("plain_text_input", multiline=True),
    "Weight": element("number_input", is_decimal_allowed=True),
    "Mail": element("email_text_input"),
    "Site": element("url_text_input"),
    "Town": element("static_select", option_groups=GROUPS),
    "City": element("external_select", min_query_length=1),
    "Cities": element("multi_external_select", min_query_length=1),
    "Extras": element("multi_static_select", options=[option("Ribbon"), option("Card")]),
    "Person": element("users_select"),
    "People": element("multi_users_select"),
    "Place": element("conversations_select"),
    "Channel": element("channels_select"),
    "Day": element("datepicker"),
    "Hour": element("timepicker"),
    "Moment": element("datetimepicker"),
    "Wishes": element("checkboxes", options=[option("Fast"), option("Soft")]),
    "Size": element("radio_buttons", options=[option("Small"), option("Large")]),
    "Story": element("rich_text_input"),
    "Papers": element("file_input", max_files=2),
}
FORM = {
    "type": "modal",
    "callback_id": "everything",
    "title": plain("Everything"),
    "submit": plain("Send"),
    "blocks": [field(name.lower(), name, one) for name, one in FIELDS.items()],
}


@pytest.fixture
def submitted(workspace):
    """What an app is told that opens this form by its shortcut."""
    values = []
    app = App(client=WebClient(token=workspace.bot_token, base_url=workspace.api_url))

    @app.shortcut("new_parcel")
    def opened(ack, shortcut, client):
        ack()
        client.views_open(trigger_id=shortcut["trigger_id"], view=FORM)

    @app.options("value")
    def searched(ack, payload):
        ack(options=[option(one) for one in ("Berlin", "Bremen", "Bonn") if payload["value"].lower() in one.lower()])

    @app.view("everything")
    def sent(ack, view):
        ack()
        values.append(view["state"]["values"])

    handler = SocketModeHandler(app, workspace.app_token)
    handler.connect()
    yield values
    workspace.stop()
    handler.close()


@pytest.fixture
def workspace_manifest():
    return MANIFEST


@pytest.fixture
def form(workspace, submitted, browser):
    context = browser.new_context(viewport={"width": 1000, "height": 900}, timezone_id="America/New_York")
    window = Window(context.new_page(), workspace.url)
    window.page.get_by_role("button", name="New parcel").click()
    yield window.form("Everything")
    assert window.problems == []
    context.close()


def pick(form, label, typed):
    form.get_by_label(label, exact=True).press_sequentially(typed)
    form.get_by_role("option", name=typed).click()


def fill_everything(form):
    texts = {
        "Name": "Ada",
        "Letter": "one\ntwo",
        "Weight": "1.5",
        "Mail": "ada@example.com",
        "Site": "https://example.com",
        "Day": "2026-12-24",
        "Hour": "18:30",
        "Moment": "2026-12-24T18:30",
        "Story": "once",
    }
    for label, text in texts.items():
        form.get_by_label(label, exact=True).fill(text)
    for label, name in {"Town": "Boston", "Person": "Ben Builder", "Place": "#random", "Channel": "#general"}.items():
        form.get_by_label(label, exact=True).select_option(name)
    for name in ("Ribbon", "Fast", "Soft", "Large"):
        form.get_by_label(name, exact=True).check()
    form.get_by_role("group", name="People").get_by_label("Ada Admin").check()
    pick(form, "City", "Bremen")
    for city in ("Berlin", "Bonn"):
        pick(form, "Cities", city)
    form.get_by_label("Papers", exact=True).set_input_files(
        [{"name": "a.txt", "mimeType": "text/plain", "buffer": b"a"}]
    )
    expect(form.get_by_role("group", name="Chosen files")).to_contain_text("a.txt")


def told(values):
    """The values by label: a text, or the values, ids or names of what was chosen."""
    found = {}
    for label in FIELDS:
        (state,) = values[label.lower()].values()
        (value,) = (state[key] for key in state if key != "type")
        found[label] = (
            [one.get("name") or one.get("value") for one in value]
            if value and isinstance(value, list) and isinstance(value[0], dict)
            else value
        )
    return found


def test_every_kind_of_input_is_filled_in_and_told_to_the_app(form, submitted):
    fill_everything(form)
    form.get_by_role("button", name="Send").click()
    expect(form).to_have_count(0)
    said = told(submitted[0])
    assert said["Moment"] == 1798155000
    assert said["Story"]["elements"][0]["elements"] == [{"type": "text", "text": "once"}]
    assert (said["Town"]["value"], said["City"]["value"], said["Size"]["value"]) == ("boston", "bremen", "large")
    chosen = {"Moment", "Story", "Town", "City", "Size"}
    assert {label: value for label, value in said.items() if label not in chosen} == {
        "Name": "Ada",
        "Letter": "one\ntwo",
        "Weight": "1.5",
        "Mail": "ada@example.com",
        "Site": "https://example.com",
        "Cities": ["berlin", "bonn"],
        "Extras": ["ribbon"],
        "Person": "U0LOCALBEN",
        "People": ["U0LOCALADA"],
        "Place": "C0RANDOM01",
        "Channel": "C0GENERAL1",
        "Day": "2026-12-24",
        "Hour": "18:30",
        "Wishes": ["fast", "soft"],
        "Papers": ["a.txt"],
    }


def test_an_empty_form_says_at_each_field_that_it_is_needed(form, submitted):
    form.get_by_role("button", name="Send").click()
    expect(form.get_by_role("alert").filter(has_text="Please complete this required field.")).to_have_count(len(FIELDS))
    assert submitted == []
