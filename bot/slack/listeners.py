"""Slack payload to question to delivery: written down, acknowledged, then the one straight line. Every listener is a few lines."""

import logging
import re
import secrets
from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import ExitStack
from functools import partial
from typing import Any

from slack_bolt import Ack, App, BoltContext, BoltRequest, BoltResponse
from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError

from bot.commands.forms.form import form_question
from bot.commands.forms.shortcuts import asked_by
from bot.desk.asker import Asker
from bot.desk.attached import Attached, checked, takes_a_file
from bot.desk.question import Question
from bot.desk.registry import FORMS, SHORTCUTS
from bot.desk.submitted import attached
from bot.reply import Message
from bot.service import Service
from bot.slack.askers import asker_of, only_ours
from bot.slack.delivery import Outlet
from bot.slack.downloads import fetch_text
from bot.slack.home_tabs import Homes, at_home
from bot.slack.modal_updates import redraw
from bot.slack.working import Working
from bot.views.home.answers import LOOK, SEARCH
from bot.views.kit.form import origin_of
from bot.views.kit.notice import failed, press_to_open, searching
from bot.views.kit.options import options
from calculator.errors import QuestionError

log = logging.getLogger(__name__)
ANY = re.compile("")
Payload = dict[str, Any]
Work = Callable[[], object]
"""What is done after the acknowledgement."""
Read = Callable[[], str]
"""Gives the lines of a file that was attached."""
DELIVERY = "delivery_id"
"""Where a payload carries its name: what it has in common with its repetitions, where it may be repeated."""


def register(app: App, service: Service, command: str, threads: Executor | None = None) -> Homes:
    """Attach every listener to the app; gives the Home tabs, to be closed with it. Answers are made in `threads`."""
    homes = Homes(service, app.client)
    service.changed = homes.touch
    working = Working(threads, apologise(service))
    _listen_to_words(app, service, command, homes, working)
    _listen_to_forms(app, service, working)
    _listen_to_events(app, service, homes, working)
    app.error(apologise(service))
    app.middleware(only_ours(service))
    app.middleware(name_the_delivery)
    return homes


def _asked(outlet: Outlet, service: Service, body: Payload, text: str | Question, read: Read | None = None) -> Work:
    """The work that answers what was acknowledged, written down from now on: done once, or else its person is told."""
    return _written_down(service, body, outlet, text, lambda: _answer(outlet, service, text, read))


def _written_down(service: Service, body: Payload, outlet: Outlet, text: str | Question, work: Work) -> Work:
    stack = ExitStack()
    first = stack.enter_context(service.accepting.taken(body[DELIVERY], outlet.asker, str(text), outlet.response_url))

    def do() -> None:
        with stack:
            if first:
                work()

    return do


def _answer(outlet: Outlet, service: Service, text: str | Question, read: Read | None) -> None:
    outlet.deliver(service.reply(text, outlet.asker, read, lambda: _say_so(outlet)))


def _say_so(outlet: Outlet) -> None:
    """That a search takes long; the answer comes whether Slack takes this or not."""
    try:
        outlet.deliver(searching())
    except (SlackClientError, OSError) as error:
        log.info("not told of the search", extra={"reason": type(error).__name__})


def _outlet(client: WebClient, service: Service, body: Payload, asker: Asker | None = None) -> Outlet:
    """The way back to whoever sent the payload, with what it has for that."""
    return Outlet(client, asker or asker_of(body), service, body.get("response_url") or None, body.get("trigger_id"))


def _listen_to_words(app: App, service: Service, command: str, homes: Homes, working: Working) -> None:
    """What is typed, and what buttons type."""

    @app.command(f"/{command}")
    def typed(ack: Ack, body: Payload, client: WebClient) -> None:
        work = _asked(_outlet(client, service, body), service, body, body.get("text", ""))
        ack()
        working.begin(body, client, work)

    @app.action(ANY)
    def pressed(ack: Ack, body: Payload, client: WebClient) -> None:
        work = _pressed(body, client)
        ack()
        working.begin(body, client, work)

    def _pressed(body: Payload, client: WebClient) -> Work:
        action, where = body["actions"][0], (body.get("view") or {}).get("type")
        text = action.get("value") or (action.get("selected_option") or {}).get("value")
        if text and (body.get("container") or {}).get("type") == "message":
            return _asked(_outlet(client, service, body), service, body, text)
        if where == "home":
            asker = at_home(asker_of(body))
            is_asked = text and not action["action_id"].startswith(LOOK)
            first = _asked(_outlet(client, service, body, asker), service, body, str(text)) if is_asked else int

            def answer_and_show() -> None:
                first()
                homes.show(asker, look_of(action, body["view"]))

            return answer_and_show
        return partial(redraw, client, body["view"], text) if text and where == "modal" else int


def _listen_to_forms(app: App, service: Service, working: Working) -> None:
    """What opens forms from Slack's menus, what forms look up, and what they ask when they are submitted."""

    @app.shortcut(re.compile("|".join(SHORTCUTS)))
    def chosen(ack: Ack, body: Payload, client: WebClient) -> None:
        work = _asked(_outlet(client, service, body), service, body, asked_by(body))
        ack()
        working.begin(body, client, work)

    @app.options(ANY)
    def searched(ack: Ack, body: Payload) -> None:
        field = body["action_id"]
        asker = asker_of(body)
        own = service.own(asker).models if field == "model_size" and not service.refused(asker) else ()
        ack(options=options(field, body.get("value", ""), [model.key for model in own]))

    @app.view(re.compile("|".join(FORMS)))
    def submitted(ack: Ack, body: Payload, client: WebClient) -> None:
        origin = origin_of(body["view"]).of(asker_of(body).user_id)
        asker = asker_of({**body, "channel": {"id": origin.channel, "name": origin.channel_name}})
        try:
            question, file = form_question(body["view"], service.own(asker)), attached(body["view"])
        except QuestionError as error:
            ack(response_action="errors", errors={error_block(body["view"], error.field): error.message})
            return
        read = partial(fetch_text, file, client) if file else None
        response_url = origin.response_url or body.get("response_url")
        work = _asked(
            _outlet(client, service, {**body, "response_url": response_url}, asker), service, body, question, read
        )
        ack()
        working.begin(body, client, work)


def _listen_to_events(app: App, service: Service, homes: Homes, working: Working) -> None:
    """Mentions, and people who come to the Home tab."""

    @app.event("app_mention")
    def mentioned(body: Payload, event: Payload, client: WebClient, context: BoltContext) -> None:
        if "user" in event:
            bot = context.bot_user_id
            working.begin(body, client, _mentioned(body, event, client, bot))

    def _mentioned(body: Payload, event: Payload, client: WebClient, bot: str | None) -> Work:
        text, asker = without_mention(event.get("text", ""), bot), asker_of(body)
        word, files = takes_a_file(text), event.get("files")
        read = partial(_read, files, word, client) if word and files else None
        outlet = Outlet(client, asker, service)

        def work() -> None:
            reply = service.reply(text or "start", asker, read, lambda: _say_so(outlet))
            outlet.deliver(reply if isinstance(reply, Message) else press_to_open(text))

        return _written_down(service, body, outlet, text, work)

    @app.event("app_home_opened")
    def came_home(body: Payload, event: Payload, client: WebClient) -> None:
        if event.get("tab", "home") == "home":
            working.begin(body, client, lambda: homes.come(asker_of(body)))


def _read(files: list[Payload], word: str, client: WebClient) -> str:
    """What the file attached to a mention holds."""
    file = checked([Attached.model_validate(one) for one in files], word)
    return fetch_text(file, client) if file else ""


def without_mention(text: str, bot: str | None) -> str:
    """What is said beside the mention of the bot, wherever that stands; only spaces and dots are nothing."""
    said = re.sub(rf"<@{re.escape(bot)}(?:\|[^>]*)?>" if bot else r"^\s*<@[^>]+>", " ", text)
    return said.strip() if said.strip(" \t\n\u00a0,.:!") else ""


def look_of(action: Payload, view: Payload) -> str:
    """Which answers someone looks at after this, on their Home tab: those searched or turned to, else the same ones."""
    if not action["action_id"].startswith(LOOK):
        return str(view.get("private_metadata") or "")
    value = action.get("value") or ""
    return f"{value} page 1" if action["action_id"] == SEARCH else value


def error_block(view: Payload, field: str) -> str:
    """The input under which an error is shown: the field's own, else that of the whole question, else the last one."""
    inputs = [block["block_id"] for block in view["blocks"] if block["type"] == "input"]
    return field if field in inputs else "question" if "question" in inputs else inputs[-1]


def name_the_delivery(request: BoltRequest, body: Payload, next: Callable[[], BoltResponse]) -> BoltResponse:  # noqa: A002
    """A signed request can be sent again by whoever recorded it, with its trigger_id; what comes over the WebSocket cannot."""
    repeatable = body.get("trigger_id") if request.mode == "http" else None
    body[DELIVERY] = body.get("event_id") or (body.get("event") or {}).get("ts") or repeatable or secrets.token_hex(16)
    return next()


def apologise(service: Service) -> Callable[..., None]:
    """The one place where bugs end: the person gets a reference, the log the traceback under the same one."""

    def listener(error: Exception, body: Payload, client: WebClient) -> None:
        reference = secrets.token_hex(4)
        log.error("unhandled", exc_info=error, extra={"reference": reference})
        service.measures.asked("", "failed")
        message: Message = failed(reference)
        asker = asker_of(body)
        if asker.user_id:
            Outlet(client, asker, service, body.get("response_url") or None).deliver(message)
        service.accepting.finish(body.get(DELIVERY, ""))

    return listener
