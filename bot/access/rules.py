"""What a workspace has decided for itself, and who may decide it. Every decision stands in the audit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.access.bound import Bound
from bot.access.owners import must_be_admin
from bot.access.people import Strangers
from bot.desk.asker import Asker
from storage.audit import audit_line
from storage.tables import Tables

CHANNELS, ONLY, QUIET, GUESTS, KEEP = "channels", "only channels", "quiet hours", "guests", "keep answers"
"""The facts. Where the bot posts by itself, where it answers, when alerts wait, whether guests may ask, days of answers."""
SUBJECT = "workspace"
"""What the audit calls the decisions."""


@dataclass(frozen=True)
class Rules(Bound):
    """The decisions of the asker's workspace."""

    @classmethod
    def of_team(cls, tables: Tables, team_id: str, now: datetime) -> "Rules":
        """Those of a workspace, when nobody asks."""
        return cls(Asker(team_id=team_id, user_id=""), now, Strangers(), tables)

    def channels(self) -> tuple[str, ...]:
        """Where the bot may post by itself; everywhere where none is named."""
        return tuple(self._fact(CHANNELS).split())

    def set_channels(self, channels: Sequence[str]) -> None:
        """Post only there from now on."""
        must_be_admin(self.asker, self.people, "channels", "Only a workspace admin decides in which channels I post.")
        self._decide(CHANNELS, " ".join(channels))

    def only(self) -> tuple[str, ...]:
        """The channels in which the bot may be used at all, besides direct messages; any where none is named."""
        return tuple(self._fact(ONLY).split())

    def set_only(self, channels: Sequence[str]) -> None:
        """Answer only there from now on."""
        must_be_admin(self.asker, self.people, "channels", "Only a workspace admin decides in which channels I answer.")
        self._decide(ONLY, " ".join(channels))

    def posts_in(self, channel: str) -> bool:
        """Whether the bot may post there by itself; never to a person, but for what is their own."""
        if channel.startswith(("U", "W")) and channel != self.asker.user_id:
            return False
        allowed, only = self.channels(), self.only()
        return (not allowed or channel in allowed) and (not only or channel in only or is_alone(channel))

    def quiet(self) -> str:
        """Hours in which alerts wait; empty for none."""
        return self._fact(QUIET)

    def set_quiet(self, hours: str) -> None:
        """Let alerts wait in these hours."""
        self._decide(QUIET, hours)

    def guests(self) -> bool:
        """Whether guests may ask."""
        return self._fact(GUESTS) == "allowed"

    def set_guests(self, *, allowed: bool) -> None:
        """Let guests ask, or not."""
        must_be_admin(self.asker, self.people, "guests", "Only a workspace admin decides whether guests may ask.")
        self._decide(GUESTS, "allowed" if allowed else "refused")

    def keep_days(self) -> int | None:
        """How long answers are kept; None for as long as nobody deletes them."""
        days = self._fact(KEEP)
        return int(days) if days else None

    def set_keep_days(self, days: int | None) -> None:
        """Keep answers so long, from now on."""
        must_be_admin(self.asker, self.people, "keep", "Only a workspace admin decides how long answers are kept.")
        self._decide(KEEP, str(days or ""))

    def _fact(self, key: str) -> str:
        return self.tables.workspaces.get(self.asker.team_id, key) or ""

    def _decide(self, key: str, value: str) -> None:
        before, after = (_words(key, one) for one in (self._fact(key), value))
        said = audit_line(SUBJECT, self.asker.user_id, self.now, key, before, after)
        self.tables.workspaces.decide(self.asker.team_id, key, value, said)


def _words(key: str, value: str) -> str:
    """A decision as the audit has it."""
    return value if key != KEEP else f"{value} days" if value else "forever"


def is_alone(channel: str) -> bool:
    """Whether the place is a person's direct messages with the bot, by its own id or theirs."""
    return channel.startswith(("D", "U", "W")) or channel == "local"
