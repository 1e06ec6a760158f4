"""HTTP mode: Slack's signed requests under one path, verified before anything reads them, then given to Bolt."""

import asyncio

from slack_bolt import App, BoltRequest, BoltResponse
from slack_bolt.adapter.starlette.handler import to_bolt_request, to_starlette_response
from slack_sdk.signature import SignatureVerifier
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.slack.manifest import PATH

LARGEST = 1 << 20
"""Bytes of a request that are read; Slack's largest, a form with its view, are a quarter of that."""
READING_S = 10.0
"""How long a request's body may take to come."""
BAD_REQUEST, UNSIGNED, STALLED, TOO_LARGE = 400, 401, 408, 413
TIMESTAMP, SIGNATURE = "x-slack-request-timestamp", "x-slack-signature"
CERTIFICATE_CHECK = b"ssl_check=1"
"""What Slack posts to look at the certificate; it asks nothing, and wants to hear that someone is there."""


def build(app: App, signing_secret: str) -> Starlette:
    """The web application in front of a Bolt app."""
    verifier = SignatureVerifier(signing_secret)

    async def hear(request: Request) -> Response:
        try:
            body = await _body(request)
            if CERTIFICATE_CHECK in body.split(b"&"):
                return PlainTextResponse("")
            heard = _verified(verifier, request, body)
        except RefusedError as refused:
            return PlainTextResponse(refused.why, refused.status, {"Connection": "close"})
        return to_starlette_response(await run_in_threadpool(_dispatch, app, heard))

    return Starlette(routes=[Route(PATH, hear, methods=["POST"])])


class RefusedError(Exception):
    """What is not dispatched, and the status that says so."""

    def __init__(self, why: str, status: int) -> None:
        super().__init__(why)
        self.why, self.status = why, status


async def _body(request: Request) -> bytes:
    """The whole body, when it is neither too large nor too slow."""
    try:
        return await asyncio.wait_for(_read(request), READING_S)
    except TimeoutError as error:
        raise RefusedError("the request stalled", STALLED) from error
    except ClientDisconnect as error:
        raise RefusedError("incomplete", BAD_REQUEST) from error


async def _read(request: Request) -> bytes:
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST:
            raise RefusedError("too large", TOO_LARGE)
    return bytes(body)


def _verified(verifier: SignatureVerifier, request: Request, body: bytes) -> BoltRequest:
    """The request as Bolt takes it, once Slack is known to have signed it."""
    if not _is_signed(verifier, request, body):
        raise RefusedError("not signed by Slack", UNSIGNED)
    try:
        return to_bolt_request(request, body)
    except (ValueError, RecursionError, AttributeError) as error:  # no text, no JSON, or JSON that is no object
        raise RefusedError("not understood", BAD_REQUEST) from error


def _is_signed(verifier: SignatureVerifier, request: Request, body: bytes) -> bool:
    """Whether Slack signed these bytes within the last five minutes."""
    timestamp, signature = request.headers.get(TIMESTAMP), request.headers.get(SIGNATURE)
    if not (timestamp and signature and timestamp.isascii() and timestamp.isdigit() and signature.isascii()):
        return False
    try:
        return verifier.is_valid(body, timestamp, signature)
    except ValueError:  # bytes that are no text, or a moment of thousands of digits
        return False


def _dispatch(app: App, heard: BoltRequest) -> BoltResponse:
    """Bolt's answer, in a thread that may wait for the ack while others are served."""
    response: BoltResponse = app.dispatch(heard)
    return response
