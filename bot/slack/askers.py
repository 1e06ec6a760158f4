"""Who asks, and where: from Slack's authorization and its payloads. What a payload says of a workspace is never believed alone."""

import logging
from collections.abc import Callable, Iterator
from typing import Any

from slack_bolt import BoltContext, BoltResponse
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.desk.asker import Asker
from bot.service import Service
from bot.slack.delivery import Outlet
from bot.views.kit.notice import foreign

log = logging.getLogger(__name__)
Payload = dict[str, Any]
TENANT = "tenant"
"""Where a payload carries the workspace for which the bot was authorized; nothing is kept under any other."""
LEAVING = {"app_uninstalled", "tokens_revoked"}
"""Events for which nothing is authorized any more."""


def asker_of(body: Payload) -> Asker:
    """Who asks and where, from any of Slack's payloads."""
    event, user = body.get("event") or {}, body.get("user") or {}
    channel, container = body.get("channel") or {}, body.get("container") or {}
    user_id = body.get("user_id") or user.get("id") or event.get("user") or ""
    channel_id = (
        body.get("channel_id") or channel.get("id") or container.get("channel_id") or event.get("channel") or user_id
    )
    name = body.get("channel_name") or channel.get("name") or ""
    return Asker(
        team_id=body.get(TENANT, ""),
        user_id=user_id,
        channel_id=channel_id,
        channel_name=name,
        private=_is_private(channel_id, name),
        thread_ts=event.get("thread_ts") or event.get("ts"),
        begins_thread=bool(event.get("ts")) and event.get("thread_ts") in {None, event.get("ts")},
    )


def _is_private(channel_id: str, name: str) -> bool | None:
    """Slack names public channels alone by their names. Events name none: then the channel has to be looked up."""
    if not channel_id.startswith("C") or name in {"privategroup", "directmessage"} or name.startswith("mpdm-"):
        return True
    return False if name else None


def only_ours(service: Service) -> Callable[..., BoltResponse | None]:
    """What is meant for another installation is left alone, and people of another organisation are refused.

    A workspace of the same Enterprise organisation is no other one; whether someone is of it, `users.info` says later.
    """

    def middleware(
        body: Payload,
        context: BoltContext,
        client: WebClient,
        next: Callable[[], BoltResponse],  # noqa: A002
    ) -> BoltResponse | None:
        ours = context.authorize_result
        if ours is None or not ours.team_id:
            return next() if (body.get("event") or {}).get("type") in LEAVING else BoltResponse(status=200)
        if not is_for(body, ours):
            log.warning("left alone what is for another installation")
            return BoltResponse(status=200)
        body[TENANT] = ours.team_id
        if not is_of_others(body, ours):
            return next()
        if body.get("type") != "block_suggestion":
            _refuse(client, body, service)
        return BoltResponse(status=200)

    return middleware


def _refuse(client: WebClient, body: Payload, service: Service) -> None:
    try:
        Outlet(client, asker_of(body), service, body.get("response_url")).deliver(foreign())
    except SlackApiError as error:
        log.info("someone of another organisation was not told", extra={"reason": error.response["error"]})


def is_for(body: Payload, ours: AuthorizeResult) -> bool:
    """Whether it was sent to this installation; where Slack does not say to which, it was."""
    said = [one for one in body.get("authorizations") or [] if isinstance(one, dict)]
    return not said or any(
        one.get("team_id") == ours.team_id
        or (one.get("is_enterprise_install") and ours.enterprise_id and one.get("enterprise_id") == ours.enterprise_id)
        for one in said
    )


def is_of_others(body: Payload, ours: AuthorizeResult) -> bool:
    """Whether the payload itself shows that the person is of another organisation."""
    if all(one in {ours.team_id, ours.enterprise_id} for one in _homes(body)):
        return False
    if not ours.enterprise_id or any(one.startswith("E") and one != ours.enterprise_id for one in _homes(body)):
        return True
    company = (body.get("enterprise") or {}).get("id") or body.get("enterprise_id")
    return bool(company) and company != ours.enterprise_id


def _homes(body: Payload) -> Iterator[str]:
    """Wherever a payload names the workspace or the organisation of its person."""
    event, user = body.get("event") or {}, body.get("user")
    said = [event.get("user_team"), event.get("team"), event.get("source_team")]
    said += [user.get("team_id")] if isinstance(user, dict) else []
    said += [body.get("team_id")] if "command" in body else []  # that of an event is the channel's, not the person's
    yield from (one for one in said if isinstance(one, str) and one)
