"""Workspaces that uninstalled the bot: nothing is posted or fetched for them, and after thirty days nothing is kept of them."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from slack_bolt import App

from bot.operating.steadiness import Steadiness
from storage.database import Database
from storage.errors import StorageError
from storage.moments import to_text
from storage.retention import UNDO
from storage.tables import Tables

log = logging.getLogger(__name__)
LEFT, OVER = "uninstalled", "to be erased"
CERTAIN = timedelta(days=1)


@dataclass
class Departures:
    """Who left, and since when. One that comes back within thirty days finds everything as it was."""

    database: Database
    now: Callable[[], datetime]
    steadiness: Steadiness | None = None
    """Whether the time can be believed; where there is none, it is."""
    _erased: set[str] = field(default_factory=set)

    def leave(self, team_id: str) -> None:
        """The bot was uninstalled there."""
        facts = Tables(self.database).workspaces
        if facts.get(team_id, LEFT) is None:
            facts.set(team_id, LEFT, to_text(self.now()))
            log.warning("uninstalled", extra={"team": team_id})

    def come_back(self, team_id: str) -> None:
        """The bot is installed there."""
        self._erased.discard(team_id)
        for fact in (LEFT, OVER):
            Tables(self.database).workspaces.forget(team_id, fact)

    def erase_due(self) -> None:
        """Erase the workspaces that left long ago; where the time cannot be believed, none."""
        if self.steadiness and not self.steadiness.is_steady():
            return
        for team_id, since in Tables(self.database).workspaces.everywhere(LEFT).items():
            if self._is_due(team_id, self.now() - datetime.fromisoformat(since) >= UNDO):
                Tables(self.database).retention.erase_team(team_id)
                self._erased.add(team_id)
                log.warning("erased after it was uninstalled", extra={"team": team_id})

    def _is_due(self, team_id: str, over: bool) -> bool:  # noqa: FBT001 - whether its time is over
        """Whether its time was over a day ago already: a clock that is wrong for some hours erases nobody."""
        facts, now = Tables(self.database).workspaces, self.now()
        noted = facts.get(team_id, OVER)
        if not over or (noted and datetime.fromisoformat(noted) > now):
            facts.forget(team_id, OVER) if noted else None
            return False
        if noted is None:
            facts.set(team_id, OVER, to_text(now))
        return noted is not None and now - datetime.fromisoformat(noted) >= CERTAIN

    def is_gone(self, team_id: str) -> bool:
        """Whether nothing may be posted there; also where the database does not say just now."""
        try:
            self.erase_due()
            return team_id in self._erased or Tables(self.database).workspaces.get(team_id, LEFT) is not None
        except StorageError as error:
            log.warning("the clock waits for the database", extra={"reason": str(error)})
            return True


def listen_to_departures(app: App, departures: Departures) -> None:
    """What Slack says when the bot is uninstalled, or its token revoked."""

    @app.event("app_uninstalled")
    def uninstalled(body: dict[str, Any]) -> None:
        departures.leave(body["team_id"])

    @app.event("tokens_revoked")
    def revoked(body: dict[str, Any], event: dict[str, Any]) -> None:
        if (event.get("tokens") or {}).get("bot"):
            departures.leave(body["team_id"])
