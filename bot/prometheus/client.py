"""The HTTP API of a Prometheus: usage by the hour, and which series there are.

Connecting, silences and the whole exchange have time limits and answers a size limit; redirects, proxies and cookies
are not followed, used or kept. No message holds a token.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from functools import cache

from pydantic import SecretStr

from bot.prometheus.responses import PrometheusError, Series, clipped, read_answer, series_counts, usage_hours
from calculator.spending.usage import SECONDS_PER_HOUR, UsageHour

HOURS_PER_QUERY = 7 * 24
"""A week of points in one query: Prometheus gives at most 11,000, and a small query does not time out there."""
CONNECT_S, SILENCE_S, DEADLINE_S = 5.0, 25.0, 30.0
MOST_BYTES = 8 * 2**20


class Prometheus:
    """The Prometheus at a base address that has been checked. Its methods raise PrometheusError."""

    def __init__(self, url: str, token: SecretStr | None = None, *, deadline_s: float = DEADLINE_S) -> None:
        self._url = url
        self._token = token.get_secret_value().strip() if token else ""
        self._deadline_s = deadline_s

    def hours(self, expression: str, first: int, last: int) -> tuple[UsageHour, ...]:
        """What an expression of `engine_metrics` says of each hour from the first to the last, counted from 1970."""
        found: list[UsageHour] = []
        for start in range(first, last + 1, HOURS_PER_QUERY):
            end = min(start + HOURS_PER_QUERY - 1, last)
            ends = {
                "start": (start + 1) * SECONDS_PER_HOUR,
                "end": (end + 1) * SECONDS_PER_HOUR,
                "step": SECONDS_PER_HOUR,
            }
            found += usage_hours(self._ask("query_range", {"query": expression, **ends}), start, end)
        return tuple(found)

    def counts(self, census: str, moment: datetime) -> Mapping[str, int]:
        """How many series there are of each metric, by name."""
        return series_counts(self._ask("query", {"query": census, "time": moment.timestamp()}))

    def _ask(self, path: str, form: Mapping[str, object]) -> list[Series]:
        status, body = asyncio.run(self._exchange(f"{self._url}/api/v1/{path}", form))
        return read_answer(status, body, self._token)

    async def _exchange(self, url: str, form: Mapping[str, object]) -> tuple[int, bytes]:
        """The HTTP status and the body. The deadline holds however slowly the bytes drip."""
        import httpx2  # noqa: PLC0415 - slow to import, and only fetching needs it

        limits = httpx2.Timeout(SILENCE_S, connect=CONNECT_S)
        try:
            async with (
                asyncio.timeout(self._deadline_s),
                httpx2.AsyncClient(verify=_certificates(), timeout=limits, trust_env=False) as client,
                client.stream("POST", url, data=form, headers=self._headers(), follow_redirects=False) as response,
            ):
                return response.status_code, await _body(response.aiter_raw())
        except (TimeoutError, httpx2.TimeoutException):
            raise PrometheusError("timed out", f"Prometheus did not answer within {self._deadline_s:g} s.") from None
        except httpx2.ConnectError as error:
            raise PrometheusError("unreachable", f"Prometheus cannot be reached: {clipped(str(error))}") from None
        except httpx2.HTTPError:
            raise PrometheusError("unreachable", "The connection to Prometheus broke off.") from None

    def _headers(self) -> dict[str, str]:
        """Compression is not asked for: a small answer could hide a huge one."""
        plain = {"Accept": "application/json", "Accept-Encoding": "identity"}
        if not self._token:
            return plain
        if not (self._token.isascii() and self._token.isprintable()):
            raise PrometheusError(
                "bad token", "The token for Prometheus holds characters that no HTTP header may hold."
            )
        return plain | {"Authorization": f"Bearer {self._token}"}


async def _body(pieces: AsyncIterator[bytes]) -> bytes:
    body = bytearray()
    async for piece in pieces:
        body += piece
        if len(body) > MOST_BYTES:
            raise PrometheusError("too large", f"Prometheus answered with more than {MOST_BYTES // 2**20} MiB.")
    return bytes(body)


@cache
def _certificates() -> ssl.SSLContext:
    """Whom the system trusts, a company's own authority included."""
    return ssl.create_default_context()
