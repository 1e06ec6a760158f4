"""Which addresses may be fetched from: those that whoever runs the bot has listed, and what lies under them.

An address is compared by scheme, host and port exactly, and by whole segments of its path. What has two readings, such
as a user name, `..`, `%2e` or a query, is no address at all. So nobody in Slack makes the bot fetch something else.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from calculator.errors import QuestionError

_ADDRESS = re.compile(
    r"(https?)://([a-z0-9][a-z0-9.-]*|\[[0-9a-f:.]+\])(?::([0-9]{1,5}))?((?:/[a-z0-9_.~-]+)*)/?",
    re.IGNORECASE | re.ASCII,
)
_PORTS = {"http": 80, "https": 443}


class Address(NamedTuple):
    """A base address, in the one way that it can be read."""

    scheme: str
    host: str
    port: int
    segments: tuple[str, ...]

    def __str__(self) -> str:
        port = "" if self.port == _PORTS[self.scheme] else f":{self.port}"
        return "/".join((f"{self.scheme}://{self.host}{port}", *self.segments))

    def holds(self, other: "Address") -> bool:
        """Whether the other is this one, or lies under it."""
        return self[:3] == other[:3] and other.segments[: len(self.segments)] == self.segments


def read_address(url: str) -> Address | None:
    """The address that a text writes; None where it is not plainly one."""
    match = _ADDRESS.fullmatch(url.strip())
    if match is None:
        return None
    scheme, segments = match[1].lower(), tuple(match[4].split("/")[1:])
    port = int(match[3] or _PORTS[scheme])
    if not 0 < port < 65_536 or {".", ".."} & set(segments):
        return None
    return Address(scheme, match[2].lower(), port, segments)


def allowed(url: str, allow_list: Iterable[str]) -> bool:
    """Whether the list holds this address or one above it."""
    address = read_address(url)
    bases = map(read_address, allow_list)
    return address is not None and any(base is not None and base.holds(address) for base in bases)


def checked_url(url: str, allow_list: tuple[str, ...]) -> str:
    """The address as it is stored and fetched; QuestionError says which ones are allowed. It never repeats the text."""
    if not allow_list:
        raise QuestionError(
            "source",
            "The bot may not fetch from anywhere yet: whoever runs it must set PROMETHEUS_URLS "
            "to the addresses that may be fetched.",
        )
    address = read_address(url)
    if address is not None and allowed(url, allow_list):
        return str(address)
    listed = ", ".join(allow_list)
    if address is None:
        raise QuestionError(
            "source",
            "That is no base address of a Prometheus. Write one like https://prometheus.example.com, without "
            f"user name, password, `?`, `#`, `%` or `..`. The bot may fetch from: {listed}",
            allow_list,
        )
    raise QuestionError("source", f"The bot may not fetch from there. It may fetch from: {listed}", allow_list)
