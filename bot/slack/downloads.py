"""The text of a file that someone attached in Slack, fetched with the bot's token.

The token goes to Slack's file host and nowhere else: the address is checked by the parser that connects, redirects and
cookies are not followed or kept. The whole exchange has a time limit, and the file a size limit.
"""

import asyncio
import logging
import ssl
from collections.abc import AsyncIterator
from functools import cache
from typing import TYPE_CHECKING

from slack_sdk import WebClient

from bot.desk.attached import MOST_BYTES, Attached, too_large
from calculator.errors import QuestionError

if TYPE_CHECKING:
    import httpx2

log = logging.getLogger(__name__)
SLACK, SLACKS_FILES = "slack.com", "https://files.slack.com"
DEADLINE_S = 10.0
OK, NOT_FOUND, SERVER_ERROR = 200, 404, 500
PASTE = "or paste its text in its place"


def fetch_text(file: Attached, client: WebClient, deadline_s: float = DEADLINE_S) -> str:
    """What the file holds; QuestionError says what to do where it cannot be had."""
    import httpx2  # noqa: PLC0415 - slow to import, and only fetching needs it

    try:
        address = _address(file, client.base_url)
        body = asyncio.run(_exchange(file, address, client, deadline_s))
    except (TimeoutError, httpx2.TimeoutException):
        raise _unread(file, "timed out", f"did not arrive within {deadline_s:g} s. Try again") from None
    except (httpx2.HTTPError, httpx2.InvalidURL):
        raise _unread(file, "broke off", "could not be fetched from Slack. Try again") from None
    return _text(file, body)


def _address(file: Attached, api_url: str) -> "httpx2.URL":
    """Its address, if it is at Slack's file host, or at the host that stands in for Slack."""
    import httpx2  # noqa: PLC0415

    address, api = httpx2.URL(file.url_private_download or ""), httpx2.URL(api_url)
    home = httpx2.URL(SLACKS_FILES) if api.host == SLACK else api
    if (address.scheme, address.host, address.port) != (home.scheme, home.host, home.port) or address.userinfo:
        raise _unread(file, "foreign host", "is not kept where I may fetch it. Attach a file from your own computer")
    return address


async def _exchange(file: Attached, address: "httpx2.URL", client: WebClient, deadline_s: float) -> bytes:
    """The file's bytes. The deadline holds however slowly they drip."""
    import httpx2  # noqa: PLC0415

    headers = {"Authorization": f"Bearer {client.token}", "Accept-Encoding": "identity"}
    async with (
        asyncio.timeout(deadline_s),
        httpx2.AsyncClient(verify=client.ssl or _certificates(), proxy=client.proxy or None, trust_env=False) as http,
        http.stream("GET", address, headers=headers, timeout=deadline_s, follow_redirects=False) as response,
    ):
        _check(file, response)
        return await _body(file, response.aiter_raw())


def _check(file: Attached, response: "httpx2.Response") -> None:
    """Slack answers a page to log in at, or sends one there, where the scope is missing."""
    status, kind = response.status_code, response.headers.get("Content-Type", "")
    if status == OK and not kind.startswith("text/html"):
        return
    if status == NOT_FOUND or status >= SERVER_ERROR:
        raise _unread(file, f"HTTP {status}", "could not be fetched from Slack. Attach it again")
    raise _unread(
        file,
        f"HTTP {status} {kind}",
        "is not mine to read: whoever runs me must add the scope files:read and "
        "install me again. Until then, write the load itself, as in 1240/h",
    )


async def _body(file: Attached, pieces: AsyncIterator[bytes]) -> bytes:
    body = bytearray()
    async for piece in pieces:
        body += piece
        if len(body) > MOST_BYTES:
            raise too_large(file)
    return bytes(body)


def _text(file: Attached, body: bytes) -> str:
    """The text, with line ends of one kind."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _unread(
            file, "no text", "is no UTF-8 text. Save it as UTF-8 (in a spreadsheet, “CSV UTF-8”) and attach it again"
        ) from None
    if not text.strip():
        raise _unread(file, "empty", "is empty. Attach it again")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _unread(file: Attached, reason: str, what: str) -> QuestionError:
    log.warning("file not read", extra={"reason": reason})
    return QuestionError("file", f"{file.title} {what}, {PASTE}.")


@cache
def _certificates() -> ssl.SSLContext:
    """Whom the system trusts, a company's own authority included."""
    return ssl.create_default_context()
