"""A small app of its own (a parcel service), connected to a workspace by Socket Mode or over HTTP."""

from contextlib import contextmanager
from threading import Thread

import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.app.app import SlackAppDevelopmentServer
from slack_sdk import WebClient

from bot.workspace import Workspace
from bot.workspace.client import WorkspaceClient

CITIES = ["Aachen", "Berlin", "Bern", "Boston", "Bremen"]

MANIFEST = {
    "display_information": {"name": "Parcels"},
    "features": {
        "bot_user": {"display_name": "Parcels"},
        "app_home": {"home_tab_enabled": True},
        "slash_commands": [
            {"command": "/parcel", "description": "Send a parcel", "should_escape": True},
            {"command": "/raw", "description": "Not escaped"},
        ],
        "shortcuts": [
            {"name": "New parcel", "type": "global", "callback_id": "new_parcel", "description": "Opens the form"},
            {"name": "Track", "type": "message", "callback_id": "track", "description": "Tracks a parcel"},
        ],
    },
    "oauth_config": {
        "scopes": {
            "bot": [
                "app_mentions:read",
                "channels:history",
                "channels:read",
                "chat:write",
                "commands",
                "files:read",
                "files:write",
                "im:history",
                "im:read",
                "im:write",
                "users:read",
            ]
        }
    },
    "settings": {"event_subscriptions": {"bot_events": ["app_home_opened", "app_mention", "message.im"]}},
}


def plain(text):
    return {"type": "plain_text", "text": text}


def section(text):
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def button(label, action_id, value="1"):
    return {"type": "button", "text": plain(label), "action_id": action_id, "value": value}


def option(text):
    return {"text": plain(text), "value": text.lower()}


def field(block_id, label, element, **more):
    return {"type": "input", "block_id": block_id, "label": plain(label), "element": element, **more}


def form(title="Send"):
    return {
        "type": "modal",
        "callback_id": "parcel",
        "title": plain(title),
        "submit": plain("Send"),
        "notify_on_close": True,
        "private_metadata": "draft-7",
        "blocks": [
            field("name", "Name", {"type": "plain_text_input", "action_id": "value", "max_length": 40}),
            field("weight", "Weight", {"type": "number_input", "action_id": "value", "is_decimal_allowed": True}),
            field(
                "city",
                "City",
                {"type": "external_select", "action_id": "city", "min_query_length": 1},
                optional=True,
            ),
            field(
                "speed",
                "Speed",
                {
                    "type": "static_select",
                    "action_id": "speed",
                    "options": [option("Slow"), option("Fast")],
                    "initial_option": option("Slow"),
                },
                dispatch_action=True,
            ),
        ],
    }


def notice(title, text, **more):
    return {"type": "modal", "title": plain(title), "blocks": [section(text)], **more}


class Parcels:
    """What the app was told, for tests to look at."""

    def __init__(self):
        self.submitted = []
        self.actions = []
        self.closed = []


def build_app(workspace, parcels):
    client = WebClient(token=workspace.bot_token, base_url=workspace.api_url)
    app = App(client=client, signing_secret=workspace.signing_secret)
    listen_to_commands(app, parcels)
    listen_to_forms(app, parcels)
    listen_to_events(app)
    return app


def listen_to_commands(app, parcels):
    @app.command("/parcel")
    def parcel(ack, respond, command, client):
        ack()
        if command["text"] == "form":
            client.views_open(trigger_id=command["trigger_id"], view=form())
        else:
            actions = {"type": "actions", "elements": [button("Share", "share"), button("Drop", "drop")]}
            respond(text=f"parcel {command['text']}", blocks=[section(command["text"] or "empty"), actions])

    @app.command("/raw")
    def raw(ack, command):
        ack(f"raw {command['text']}")

    @app.action("share")
    def share(ack, respond, body, client):
        ack()
        parcels.actions.append(body)
        respond(response_type="in_channel", text="shared")

    @app.action("again")
    def again(ack, body):
        parcels.actions.append(body)
        ack()

    @app.action("drop")
    def drop(ack, respond):
        ack()
        respond(delete_original=True)


def listen_to_forms(app, parcels):
    @app.action("speed")
    def speed(ack, body, client):
        ack()
        view = form("Faster")
        client.views_update(view_id=body["view"]["id"], hash=body["view"]["hash"], view=view)

    @app.options("city")
    def cities(ack, payload):
        ack(options=[option(city) for city in CITIES if city.lower().startswith(payload["value"].lower())])

    @app.view("parcel")
    def submitted(ack, view):
        parcels.submitted.append(view)
        name = view["state"]["values"]["name"]["value"]["value"]
        answers = {
            "nobody": {"response_action": "errors", "errors": {"name": "Who is that?"}},
            "update": {"response_action": "update", "view": notice("Updated", "now what")},
            "push": {"response_action": "push", "view": notice("Pushed", "one more thing")},
            "clear": {"response_action": "clear"},
            "wrong": {"response_action": "errors", "errors": {"nowhere": "no such block"}},
        }
        ack(**answers.get(name, {}))

    @app.view_closed("parcel")
    def closed(ack, body):
        ack()
        parcels.closed.append(body)


def listen_to_events(app):
    @app.event("app_home_opened")
    def home(event, client):
        blocks = [section(f"Welcome <@{event['user']}>"), {"type": "actions", "elements": [button("Again", "again")]}]
        client.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})

    @app.event("app_mention")
    def mentioned(event, say):
        say(text=f"heard {event['text']}", thread_ts=event.get("thread_ts") or event["ts"])

    @app.event("message")
    def message(event, say):
        say(f"direct {event['text']}")

    @app.shortcut("new_parcel")
    def new_parcel(ack, shortcut, client):
        ack()
        client.views_open(trigger_id=shortcut["trigger_id"], view=form("From shortcut"))

    @app.shortcut("track")
    def track(ack, shortcut, respond):
        ack()
        respond(f"tracking {shortcut['message']['text']}")


@contextmanager
def over_socket(app, workspace):
    """Connect an app by Socket Mode."""
    handler = SocketModeHandler(app, workspace.app_token)
    handler.connect()
    try:
        yield
    finally:
        workspace.stop()  # first: while a connection is open, the SDK may wait for what it receives next
        handler.close()


@contextmanager
def over_http(app, workspace):
    """Serve an app as Bolt's `app.start()` does, and let the workspace post to it."""
    server = SlackAppDevelopmentServer(0, "/slack/events", app, http_server_logger_enabled=False)
    thread = Thread(target=server.start)
    thread.start()
    workspace.request_url = f"http://127.0.0.1:{server._server.server_port}/slack/events"
    try:
        yield
    finally:
        server._server.shutdown()
        thread.join()


CONNECT = {"socket": over_socket, "http": over_http}


@pytest.fixture(scope="session")
def parcels():
    return Parcels()


@pytest.fixture(scope="session")
def workspace(request, parcels):
    """A workspace whose clock stands still, with the parcel app connected: by Socket Mode unless a test says "http"."""
    connect = CONNECT[getattr(request, "param", "socket")]
    with (
        Workspace(MANIFEST, frozen_clock=True, ack_timeout_s=30) as running,
        connect(build_app(running, parcels), running),
    ):
        WorkspaceClient(running.url).wait_until_connected()
        yield running


@pytest.fixture
def client(workspace):
    driver = WorkspaceClient(workspace.url)
    yield driver
    driver.clear_faults()


@pytest.fixture
def ada(client):
    return client.person("ada")


@pytest.fixture
def ben(client):
    return client.person("ben")


@pytest.fixture
def web(workspace):
    return WebClient(token=workspace.bot_token, base_url=workspace.api_url)


@pytest.fixture
def start():
    """Start workspaces without an app; they stop when the test ends."""
    running = []

    def begin(manifest=MANIFEST, **options):
        running.append(Workspace(manifest, frozen_clock=True, **options))
        running[-1].start()
        return running[-1]

    yield begin
    for one in running:
        one.stop()
