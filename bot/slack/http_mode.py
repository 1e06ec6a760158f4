"""HTTP mode: Slack's signed requests under one path, given to Bolt, which verifies them."""

from slack_bolt import App, BoltRequest, BoltResponse
from slack_bolt.adapter.starlette.handler import to_bolt_request, to_starlette_response
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.slack.manifest import PATH

LARGEST = 1 << 20
"""Bytes of a request that are read; Slack's largest, a form with its view, are a quarter of that."""
BAD_REQUEST, TOO_LARGE = 400, 413


def build(app: App) -> Starlette:
    """The web application in front of a Bolt app."""

    async def hear(request: Request) -> Response:
        try:
            body = await _body(request)
            heard = to_bolt_request(request, body)
        except ClientDisconnect:
            return PlainTextResponse("incomplete", BAD_REQUEST)
        except ValueError as error:  # no text
            return PlainTextResponse(str(error), TOO_LARGE if isinstance(error, TooLarge) else BAD_REQUEST)
        return to_starlette_response(await run_in_threadpool(_dispatch, app, heard))

    return Starlette(routes=[Route(PATH, hear, methods=["POST"])])


class TooLarge(ValueError):  # noqa: N818 - the name says what happened
    """More than anything that Slack sends."""


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST:
            raise TooLarge("too large")
    return bytes(body)


def _dispatch(app: App, heard: BoltRequest) -> BoltResponse:
    """Bolt's answer, in a thread that may wait for the ack while others are served."""
    response: BoltResponse = app.dispatch(heard)
    return response
