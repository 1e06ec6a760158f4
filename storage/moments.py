"""Moments as the database keeps them: UTC text of one width, so that sorting the text sorts the moments."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime

Clock = Callable[[], datetime]
"""Whatever tells the time; handed in, so that nothing here reads a clock."""


def in_utc(moment: datetime) -> datetime:
    """The same moment in UTC; a moment without a time zone is refused, because it could mean any."""
    if moment.utcoffset() is None:
        raise ValueError(f"{moment} has no time zone")
    return moment.astimezone(UTC)


def to_text(moment: datetime) -> str:
    """The text that is stored, such as 2026-03-08T05:00:00.000000+00:00."""
    return in_utc(moment).isoformat(timespec="microseconds")


Moment = Annotated[AwareDatetime, AfterValidator(in_utc)]
"""A field that holds a moment in UTC."""
