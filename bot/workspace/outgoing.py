"""One signed POST to a request URL, and what came back."""

import asyncio
import hashlib
import hmac
import ssl
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

MOST_BYTES = 2**20
OK, MULTIPLE_CHOICES = 200, 300


@dataclass(frozen=True)
class Reply:
    """What a request URL answered; without a whole answer `failure` says why, in the word that Slack tells apps.

    The names of `headers` are in small letters.
    """

    status: int = 0
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    failure: str = ""

    @property
    def is_success(self) -> bool:
        return not self.failure and OK <= self.status < MULTIPLE_CHOICES


def signed(secret: str, body: bytes) -> dict[str, str]:
    """Give the headers by which an app knows that a body is Slack's and new."""
    # The real time, wherever the workspace's clock was moved: apps compare it with their own clock.
    moment = str(int(time.time()))
    digest = hmac.new(secret.encode(), b"v0:" + moment.encode() + b":" + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": moment, "X-Slack-Signature": f"v0={digest}"}


async def post(url: str, body: bytes, headers: Mapping[str, str], timeout_s: float) -> Reply:
    """Post and read the answer, all within `timeout_s` seconds; redirects are not followed."""
    import httpx2  # noqa: PLC0415 - slow to import, and only HTTP mode needs it

    try:
        async with (
            asyncio.timeout(timeout_s),
            httpx2.AsyncClient(verify=_certificates(), timeout=None, trust_env=False) as client,
            client.stream("POST", url, content=body, headers=headers, follow_redirects=False) as response,
        ):
            return Reply(response.status_code, await _text(response.aiter_bytes()), dict(response.headers))
    except (TimeoutError, httpx2.TimeoutException):
        return Reply(failure="http_timeout")
    except httpx2.ConnectError as error:
        is_certificate = any(isinstance(cause, ssl.SSLError) for cause in _causes(error))
        return Reply(failure="ssl_error" if is_certificate else "connection_failed")
    except (httpx2.HTTPError, httpx2.InvalidURL, ValueError):
        return Reply(failure="unknown_error")


async def _text(pieces: AsyncIterator[bytes]) -> str:
    body = bytearray()
    async for piece in pieces:
        body += piece
        if len(body) > MOST_BYTES:
            raise ValueError(f"The answer is longer than {MOST_BYTES} bytes.")
    return body.decode(errors="replace")


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


@cache
def _certificates() -> ssl.SSLContext:
    """Whom the system trusts."""
    return ssl.create_default_context()
