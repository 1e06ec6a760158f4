"""Slack payload to question to delivery: ack first, then the one straight line. Every listener is a few lines."""

import logging
import re
import secrets
from collections.abc import Callable
from functools import partial
from typing import Any

from slack_bolt import Ack, App, BoltContext, BoltResponse
from slack_sdk import WebClient

from bot.commands.attached import Attached, checked, takes_a_file
from bot.commands.base import Asker
from bot.commands.entered import attached
from bot.commands.form import form_question
from bot.delivery import Outlet, insist
from bot.downloads import fetch_text
from bot.reply import Message
from bot.service import Service
from bot.views.form import CALLBACKS, origin_of
from bot.views.limits import check_view
from bot.views.notice import failed, foreign
from bot.views.options import options
from calculator.errors import QuestionError

log = logging.getLogger(__name__)
ANY = re.compile("")
Payload = dict[str, Any]


def register(app: App, service: Service, command: str) -> None:
    """Attach every listener to the app."""
    _listen_to_words(app, service, command)
    _listen_to_forms(app, service)
    _listen_to_events(app, service)
    app.error(apologise(service))
    app.middleware(same_team(service))


def _asked(client: WebClient, service: Service, asker: Asker, body: Payload, text: str) -> None:
    outlet = Outlet(client, asker, service, body.get("response_url") or None, body.get("trigger_id"))
    outlet.deliver(service.reply(text, asker))


def _listen_to_words(app: App, service: Service, command: str) -> None:
    """What is typed, and what buttons type."""

    @app.command(f"/{command}")
    def typed(ack: Ack, body: Payload, client: WebClient) -> None:
        ack()
        _asked(client, service, asker_of(body), body, body.get("text", ""))

    @app.action(ANY)
    def pressed(ack: Ack, body: Payload, client: WebClient) -> None:
        ack()
        action = body["actions"][0]
        text = action.get("value") or (action.get("selected_option") or {}).get("value")
        if text and (body.get("container") or {}).get("type") == "message":
            _asked(client, service, asker_of(body), body, text)
        elif text and (body.get("view") or {}).get("type") == "home":
            asker = at_home(asker_of(body))
            _asked(client, service, asker, body, text)
            show_home(client, service, asker)


def _listen_to_forms(app: App, service: Service) -> None:
    """What forms look up, and what they ask when they are submitted."""

    @app.options(ANY)
    def searched(ack: Ack, body: Payload) -> None:
        field = body["action_id"]
        own = service.own(asker_of(body)).models if field == "model_size" else ()
        ack(options=options(field, body.get("value", ""), [model.key for model in own]))

    @app.view(re.compile("|".join(CALLBACKS)))
    def submitted(ack: Ack, body: Payload, client: WebClient) -> None:
        origin = origin_of(body["view"])
        asker = asker_of({**body, "channel": {"id": origin.channel, "name": origin.channel_name}})
        try:
            question, file = form_question(body["view"], service.own(asker)), attached(body["view"])
        except QuestionError as error:
            ack(response_action="errors", errors={error_block(body["view"], error.field): error.message})
            return
        ack()
        read = partial(fetch_text, file, client) if file else None
        Outlet(client, asker, service, origin.response_url).deliver(service.reply(question, asker, read))


def _listen_to_events(app: App, service: Service) -> None:
    """Mentions, and people who come to the Home tab."""

    @app.event("app_mention")
    def mentioned(body: Payload, event: Payload, client: WebClient) -> None:
        if "user" not in event or not service.first_time(str(body.get("event_id") or event["ts"])):
            return
        text = re.sub(r"^\s*<@[^>]+>", "", event.get("text", ""))
        word, files, asker = takes_a_file(text), event.get("files"), asker_of(body)
        read = partial(_read, files, word, client) if word and files else None
        Outlet(client, asker, service).deliver(service.reply(text, asker, read))

    @app.event("app_home_opened")
    def came_home(body: Payload, event: Payload, client: WebClient) -> None:
        if event.get("tab", "home") == "home":
            show_home(client, service, asker_of(body))


def _read(files: list[Payload], word: str, client: WebClient) -> str:
    """What the file attached to a mention holds."""
    file = checked([Attached.model_validate(one) for one in files], word)
    return fetch_text(file, client) if file else ""


def asker_of(body: Payload) -> Asker:
    """Who asks and where, from any of Slack's payloads."""
    event, user, team = body.get("event") or {}, body.get("user") or {}, body.get("team") or {}
    channel, container = body.get("channel") or {}, body.get("container") or {}
    user_id = body.get("user_id") or user.get("id") or event.get("user") or ""
    channel_id = (
        body.get("channel_id") or channel.get("id") or container.get("channel_id") or event.get("channel") or user_id
    )
    name = body.get("channel_name") or channel.get("name") or ""
    return Asker(
        team_id=team.get("id") or body.get("team_id") or user.get("team_id") or "",
        user_id=user_id,
        channel_id=channel_id,
        channel_name=name,
        private=name in {"privategroup", "directmessage"} or not channel_id.startswith("C"),
        thread_ts=event.get("thread_ts") or event.get("ts"),
    )


def at_home(asker: Asker) -> Asker:
    """On their Home tab someone is alone with the bot: what it says goes to their direct messages."""
    return asker.model_copy(update={"channel_id": asker.user_id, "channel_name": "directmessage", "private": True})


def show_home(client: WebClient, service: Service, asker: Asker) -> None:
    """Publish what the person's Home tab shows now."""
    view = service.home(at_home(asker))
    insist(check_view(view))
    client.views_publish(user_id=asker.user_id, view=view)


def error_block(view: Payload, field: str) -> str:
    """The input under which an error is shown: the field's own, else that of the whole question, else the last one."""
    inputs = [block["block_id"] for block in view["blocks"] if block["type"] == "input"]
    return field if field in inputs else "question" if "question" in inputs else inputs[-1]


def same_team(service: Service) -> Callable[..., BoltResponse | None]:
    """People of another organisation in a shared channel are refused."""

    def middleware(
        body: Payload, context: BoltContext, client: WebClient, next: Callable[[], BoltResponse],  # noqa: A002
    ) -> BoltResponse | None:  # fmt: skip
        ours = context.authorize_result
        person, event = body.get("user") or {}, body.get("event") or {}
        theirs = (person.get("team_id") if isinstance(person, dict) else None) or event.get("user_team")
        same_company = ours and ours.enterprise_id and ours.enterprise_id == (body.get("enterprise") or {}).get("id")
        if not ours or not theirs or theirs == ours.team_id or same_company:
            return next()
        Outlet(client, asker_of(body), service, body.get("response_url")).deliver(foreign())
        return BoltResponse(status=200, body="")

    return middleware


def apologise(service: Service) -> Callable[..., None]:
    """The one place where bugs end: the person gets a reference, the log the traceback under the same one."""

    def listener(error: Exception, body: Payload, client: WebClient) -> None:
        reference = secrets.token_hex(4)
        log.error("unhandled", exc_info=error, extra={"reference": reference})
        message: Message = failed(reference)
        asker = asker_of(body)
        if asker.user_id:
            Outlet(client, asker, service, body.get("response_url") or None).deliver(message)

    return listener
