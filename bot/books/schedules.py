"""Schedules as one person sees them from one place: storage behind the words that commands use."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.access.bound import Bound
from bot.access.owners import must_own
from bot.access.places import place_of
from bot.access.rules import is_alone
from calculator.errors import QuestionError
from storage.errors import NotFound
from storage.posts import NewPost, Post
from storage.schedules import NewSchedule, Schedule

MOST = 50
"""Schedules that a person may have."""


@dataclass(frozen=True)
class ScheduleBook(Bound):
    """The schedules of the asker's workspace, and their runs."""

    def get(self, number: int) -> Schedule:
        """The schedule of this number."""
        try:
            return self.tables.schedules.get(self.asker, number)
        except NotFound as error:
            raise QuestionError("schedule", str(error)) from error

    def mine(self, number: int, *, stopping: bool = False) -> Schedule:
        """The schedule, which the asker may change; who gets its summaries in their direct messages may stop it."""
        found = self.get(number)
        if stopping and is_alone(found.channel_id) and found.channel_id in {self.asker.user_id, self.asker.channel_id}:
            return found
        must_own(self.asker, self.people, found.user_id, f"Schedule {number}")
        return found

    def all(self) -> tuple[Schedule, ...]:
        """All that the asker may see."""
        return self.tables.schedules.all(self.asker)

    def add(self, channel_id: str, spec: str, about: str, next_run_at: datetime | None) -> Schedule:
        """A summary for a channel from now on."""
        self._must_have_room()
        asker = self.asker
        new = NewSchedule(
            team_id=asker.team_id, user_id=asker.user_id, spec=spec, about=about, **self._place(channel_id)
        )
        return self.tables.schedules.add(new, next_run_at, self.now)

    def _must_have_room(self) -> None:
        if sum(one.user_id == self.asker.user_id for one in self.all()) >= MOST:
            raise QuestionError("schedule", f"You have {MOST} schedules already. Delete one first: `schedules`.")

    def _place(self, channel_id: str) -> dict[str, Any]:
        """Where its summaries go, and who may see that."""
        there = place_of(channel_id, self.asker, self.people.channels)
        name = self.asker.channel_name if channel_id == self.asker.channel_id else ""
        return {"channel_id": channel_id, "channel_name": name, **there._asdict()}

    def change(self, found: Schedule, what: str, **fields: Any) -> Schedule:
        """Change it; what was changed is written down under `what`."""
        if found.deleted_at and "deleted_at" in fields:
            self._must_have_room()
        moved = fields.get("channel_id", found.channel_id) != found.channel_id
        place = self._place(fields["channel_id"]) if moved else {}
        return self.tables.schedules.change(found, self.asker.user_id, self.now, what, **{**fields, **place})

    def runs(self, found: Schedule) -> Sequence[Post]:
        """Its newest runs."""
        return self.tables.posts.of_schedule(found.id)

    def run_now(self, found: Schedule) -> None:
        """Post its summary now, besides its regular runs; twice within a minute is once."""
        minute = self.now.replace(second=0, microsecond=0)
        due = self.now - timedelta(microseconds=self.now.microsecond)
        self.tables.posts.add(
            NewPost(
                team_id=found.team_id,
                name=f"summary {found.id} now {minute.isoformat()}",
                kind="summary",
                channel_id=found.channel_id,
                user_id=found.user_id,
                schedule_id=found.id,
                due_at=due,
            ),
            self.now,
        )

    def again(self, post_id: int) -> Post:
        """Post once more what may not have arrived; only the person who was told of it, or an admin."""
        try:
            must_own(self.asker, self.people, self.tables.posts.get(self.asker.team_id, post_id).user_id, "That post")
            return self.tables.posts.again(self.asker.team_id, post_id, self.now)
        except NotFound as error:
            raise QuestionError("post", str(error)) from error
