"""Clients of Slack's Web API, which count what they do and wait as often as they are told to."""

import ssl
from collections.abc import Sequence
from functools import cache

from slack_sdk import WebClient
from slack_sdk.http_retry import RetryHandler
from slack_sdk.http_retry.builtin_handlers import (
    ConnectionErrorRetryHandler,
    RateLimitErrorRetryHandler,
    ServerErrorRetryHandler,
)
from slack_sdk.http_retry.request import HttpRequest
from slack_sdk.http_retry.response import HttpResponse
from slack_sdk.http_retry.state import RetryState

from bot.operating.measures import Measures
from bot.settings import Settings

NO_ACCOUNT = {"account_inactive", "token_revoked", "token_expired", "invalid_auth", "not_authed"}
TOO_MANY, SERVER_ERROR = 429, 500
RESPONSE_URL = "response_url"


class Counting(RetryHandler):
    """Never retries: the SDK shows every answer to each of its handlers, and this one counts them."""

    def __init__(self, measures: Measures) -> None:
        super().__init__(max_retry_count=1)
        self._measures = measures

    def can_retry(
        self,
        *,
        state: RetryState,  # noqa: ARG002 - the SDK's names
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,  # noqa: ARG002
    ) -> bool:
        """Count, and say no."""
        self.count(method_of(request.url), outcome_of(response))
        return False

    def count(self, method: str, outcome: str) -> None:
        """Count what the SDK does not show to its handlers."""
        self._measures.called(method, outcome)


def method_of(url: str) -> str:
    """What is called at this address: a method of the Web API, the upload of a file, or an answer to a response address."""
    _, found, method = url.partition("/api/")
    return method.partition("?")[0] if found else "upload" if "/upload" in url else RESPONSE_URL


def counters(client: WebClient) -> list[Counting]:
    """What counts the requests of this client."""
    return [handler for handler in client.retry_handlers if isinstance(handler, Counting)]


def outcome_of(response: HttpResponse | None) -> str:
    """What came of a request, in one word."""
    if response is None:
        return "unreachable"
    if response.status_code == TOO_MANY:
        return "ratelimited"
    if response.status_code >= SERVER_ERROR:
        return "failed"
    return "refused" if isinstance(response.body, dict) and response.body.get("ok") is False else "ok"


def patient(measures: Measures) -> list[RetryHandler]:
    """Waits out rate limits and server errors."""
    return [
        Counting(measures),
        ConnectionErrorRetryHandler(max_retry_count=2),
        RateLimitErrorRetryHandler(max_retry_count=3),
        ServerErrorRetryHandler(max_retry_count=2),
    ]


def client_of(settings: Settings, retries: Sequence[RetryHandler]) -> WebClient:
    """A client with the bot's token."""
    token = settings.slack_bot_token.get_secret_value() if settings.slack_bot_token else None
    return WebClient(token=token, base_url=settings.slack_api_url, ssl=_certificates(), retry_handlers=list(retries))


@cache
def _certificates() -> ssl.SSLContext:
    """Whom the system trusts, a company's own authority included; read once, which takes longer than most calls."""
    return ssl.create_default_context()
