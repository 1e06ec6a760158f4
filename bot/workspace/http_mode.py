"""HTTP mode: commands, interactions and events as signed requests to the app's request URLs."""

import asyncio
import json
import secrets
from urllib.parse import parse_qsl, urlencode

from bot.workspace.delivery import COMMAND, EVENT, FIRST, Ack, Delivery, Retry
from bot.workspace.manifest import Manifest
from bot.workspace.models import Json
from bot.workspace.outgoing import Reply, post, signed
from bot.workspace.team import Team
from bot.workspace.tokens import Tokens

CHALLENGE = "url_verification"
JSON_TYPE, FORM_TYPE = "application/json", "application/x-www-form-urlencoded"
HEADERS = {
    "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
    "Accept": "application/json,*/*",
    "Accept-Encoding": "gzip,deflate",
}
ANSWERED = ("view_submission", "block_suggestion")
"""The interactions whose answer says what follows; the body of another answer is not looked at."""
SERVER_ERROR = 500


class HttpMode(Delivery):
    """Posts to the URLs of one manifest. Events wait until their URL has echoed a challenge."""

    def __init__(self, team: Team, manifest: Manifest, tokens: Tokens, ack_timeout_s: float) -> None:
        super().__init__(team.clock)
        self._team = team
        self._manifest = manifest
        self._tokens = tokens
        self._ack_timeout_s = ack_timeout_s
        self._is_verified = False
        self._verifying = asyncio.Lock()

    async def deliver(self, kind: str, payload: Json, name: str, retry: Retry = FIRST) -> Ack:
        """Post one payload; the answer is the acknowledgement."""
        url = self._url(kind, payload)
        ack = Ack() if url else Ack(error="dispatch_failed", again=False)
        if url and kind == EVENT:
            ack = await self._verify(url)
        if ack.error is None:
            return await self._post(url, kind, payload, name, retry)
        self._team.log("to app", name, {"url": url, "payload": payload}, {}, f"not sent: {ack.error}")
        return ack

    def _url(self, kind: str, payload: Json) -> str:
        if kind == COMMAND:
            return self._manifest.commands[payload["command"]].url
        if kind == EVENT:
            return self._manifest.events_url
        return self._manifest.options_url if kind == "block_suggestion" else self._manifest.interactivity_url

    async def _verify(self, url: str) -> Ack:
        """Ask the URL of events to echo a challenge, unless it has done so."""
        async with self._verifying:
            if self._is_verified:
                return Ack()
            body = {"token": self._tokens.verification, "challenge": secrets.token_urlsafe(39), "type": CHALLENGE}
            ack = await self._post(url, CHALLENGE, body, CHALLENGE, FIRST)
            self._is_verified = ack.error is None
            return ack

    async def _post(self, url: str, kind: str, payload: Json, name: str, retry: Retry) -> Ack:
        content_type, body = _encoded(kind, payload)
        headers = {**HEADERS, "Content-Type": content_type, **signed(self._tokens.signing_secret, body)}
        if retry.attempt:
            headers |= {"X-Slack-Retry-Num": str(retry.attempt), "X-Slack-Retry-Reason": retry.reason}
        reply = await post(url, body, headers, self._ack_timeout_s)
        ack = _ack(kind, payload, reply)
        answer = {"status": reply.status, "body": reply.body} if reply.status else {"failure": reply.failure}
        request = {"url": url, "headers": headers, "payload": payload}
        self._team.log("to app", name, request, answer, ack.error or "acknowledged")
        return ack


def _encoded(kind: str, payload: Json) -> tuple[str, bytes]:
    """Give the content type and the body, as Slack has them for this kind."""
    if kind in (EVENT, CHALLENGE):
        return JSON_TYPE, json.dumps(payload).encode()
    form = payload if kind == COMMAND else {"payload": json.dumps(payload)}
    return FORM_TYPE, urlencode(form).encode()


def _ack(kind: str, payload: Json, reply: Reply) -> Ack:
    if kind == CHALLENGE and not reply.failure:
        echoed = reply.is_success and _echo(reply.body) == payload["challenge"]
        return Ack() if echoed else Ack(error="challenge_failed", again=False)
    if not reply.is_success:
        again = reply.headers.get("x-slack-no-retry") != "1"
        return Ack(error=_word(reply), reason=reply.failure or "http_error", again=again)
    answer = _said(reply) if kind == COMMAND else _object(reply.body)
    if answer is not None:
        return Ack(answer)
    return Ack(error="invalid_response") if payload.get("type") in ANSWERED else Ack()


def _word(reply: Reply) -> str:
    """Say what went wrong as people see it behind "failed with the error"."""
    if reply.failure:
        return "operation_timeout" if reply.failure == "http_timeout" else "dispatch_failed"
    return "http_service_error" if reply.status >= SERVER_ERROR else "http_client_error"


def _said(reply: Reply) -> Json:
    """Read the answer to a command: a message as JSON, or its text alone."""
    is_json = reply.headers.get("content-type", "").startswith(JSON_TYPE)
    message = _object(reply.body) if is_json else None
    return {"text": reply.body} if message is None and reply.body.strip() else message or {}


def _object(body: str) -> Json | None:
    """Read a JSON object; nothing at all counts as an empty one, anything else gives None."""
    try:
        read = json.loads(body.strip() or "{}")
    except ValueError:
        return None
    return read if isinstance(read, dict) else None


def _echo(body: str) -> str:
    """Find the challenge in an answer: JSON, a form, or the plain value."""
    as_json = _object(body) or {}
    return str(as_json.get("challenge") or dict(parse_qsl(body)).get("challenge") or body.strip())
