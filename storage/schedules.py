"""When which summary goes where, and the claim that makes each due run happen once."""

import sqlite3
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from storage import posts
from storage.audit import audit_line, record
from storage.comparison_index import Viewer
from storage.database import Database
from storage.errors import NotFound
from storage.moments import Moment, to_text
from storage.workspaces import MACHINE, UNSURE

_NOT_SAID = {"next_run_at", "channel_name", "private", "place_known"}
"""Fields that follow from others: no change of their own for the audit."""
RETIMED = timedelta(hours=3)
"""New rules of a time zone move a run by less."""
LATE = timedelta(hours=6)
"""A run that was missed by more is skipped, and said to be."""
_MAY_SEE = "team_id = :team_id AND (private = 0 OR user_id = :user_id OR channel_id IN (:channel_id, :user_id))"
_NEXT_NUMBER = """SELECT 1 + max(coalesce((SELECT max(number) FROM schedules WHERE team_id = :team_id), 0), coalesce((
    SELECT CAST(value AS INTEGER) FROM workspace_facts WHERE team_id = :team_id AND key = 'schedules numbered'), 0))"""
"""No number is given twice, not after a restored backup either."""
_UNKNOWN = "SELECT * FROM schedules WHERE team_id = ? AND place_known = 0 AND deleted_at IS NULL ORDER BY id LIMIT ?"
_UNSURE = "SELECT coalesce(max(value), '') FROM workspace_facts WHERE team_id = ? AND key = ?"


class NewSchedule(BaseModel):
    """A schedule, before it is stored."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    team_id: str = Field(min_length=1)
    """The workspace."""
    user_id: str = Field(min_length=1)
    """Its owner, who is told when it cannot post."""
    channel_id: str
    """Where its summaries go."""
    channel_name: str = ""
    private: bool
    """Whether that is a private channel or a direct message."""
    place_known: bool = True
    """Not where nobody knew what the channel is: then it is taken for a private one until someone does."""
    spec: str
    """Days, times and zone, spelled out: `every monday at 09:00 Europe/Berlin`."""
    about: str = ""
    """Which deployments: names and tags as typed; empty for all that may be seen in the channel."""


class Schedule(NewSchedule):
    """A stored schedule."""

    id: int
    number: int
    """Unique in the workspace; people type it."""
    created_at: Moment
    next_run_at: Moment | None
    """None where it never runs again."""
    paused: bool
    paused_why: str
    """What paused it, where that was not a person."""
    deleted_at: Moment | None

    @property
    def subject(self) -> str:
        """What the audit calls it."""
        return f"schedule {self.number}"


class Runs(NamedTuple):
    """What a schedule's text means at a moment."""

    last: datetime
    """The newest run at the moment or before it."""
    following: datetime | None
    """The first run after it."""


Course = Callable[[str, datetime], Runs]
Missed = Callable[[Schedule, datetime, datetime | None], posts.NewPost]
"""What tells the owner that the run due then was skipped, and when the next one is."""


Moved = Callable[[Schedule, datetime], posts.NewPost]
"""What tells the owner that the next run is then, since the rules of its time zone changed."""


class Schedules:
    """The schedules of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, new: NewSchedule, next_run_at: datetime | None, now: datetime) -> Schedule:
        """Keep a schedule under the workspace's next number."""
        values = new.model_dump() | {"created_at": to_text(now), "next_run_at": next_run_at and to_text(next_run_at)}
        with self._database.transaction() as connection:
            values["number"] = connection.execute(_NEXT_NUMBER, {"team_id": new.team_id}).fetchone()[0]
            row = connection.execute(
                f"INSERT INTO schedules ({', '.join(values)}) VALUES ({', '.join(f':{name}' for name in values)})"  # noqa: S608  # our own column names
                " RETURNING *",
                values,
            ).fetchone()
            added = _record(row)
            record(connection, new.team_id, audit_line(added.subject, new.user_id, now, "scheduled", "", new.spec))
            return added

    def get(self, viewer: Viewer, number: int) -> Schedule:
        """The schedule of this number, a deleted one too; NotFound unless the viewer may see it."""
        with self._database.read() as connection:
            rows = connection.execute(
                f"SELECT * FROM schedules WHERE {_MAY_SEE} AND number = :number",  # noqa: S608
                _names(viewer) | {"number": number},
            ).fetchall()
        if not rows:
            raise NotFound(f"There is no schedule {number} that you can see here. `schedules` lists them.")
        return _record(rows[0])

    def by_id(self, schedule_id: int) -> Schedule:
        """The schedule of a post."""
        with self._database.read() as connection:
            return _record(connection.execute("SELECT * FROM schedules WHERE id = ?", (schedule_id,)).fetchone())

    def all(self, viewer: Viewer) -> tuple[Schedule, ...]:
        """What the viewer may see, by number."""
        with self._database.read() as connection:
            rows = connection.execute(
                f"SELECT * FROM schedules WHERE {_MAY_SEE} AND deleted_at IS NULL ORDER BY number",  # noqa: S608
                _names(viewer),
            ).fetchall()
        return tuple(map(_record, rows))

    def in_unknown_places(self, team_id: str, limit: int) -> tuple[Schedule, ...]:
        """What is taken for private since nobody knew what its channel is, the oldest first."""
        with self._database.read() as connection:
            rows = connection.execute(_UNKNOWN, (team_id, limit)).fetchall()
        return tuple(map(_record, rows))

    def change(self, found: Schedule, user_id: str, now: datetime, what: str, /, **fields: object) -> Schedule:
        """Change fields of a schedule; what was changed is written down under `what`."""
        columns = {name: to_text(value) if isinstance(value, datetime) else value for name, value in fields.items()}
        before = "; ".join(str(getattr(found, name)) for name in fields if name not in _NOT_SAID)
        after = "; ".join(str(value) for name, value in fields.items() if name not in _NOT_SAID)
        with self._database.transaction() as connection:
            for name, value in columns.items():
                connection.execute(f"UPDATE schedules SET {name} = ? WHERE id = ?", (value, found.id))  # noqa: S608
            record(connection, found.team_id, audit_line(found.subject, user_id, now, what, before, after))
            return _record(connection.execute("SELECT * FROM schedules WHERE id = ?", (found.id,)).fetchone())

    def refused(self, post: posts.Post, why: str, notice: posts.NewPost, now: datetime) -> bool:
        """Its post was refused for good: the post fails, the schedule is paused and its owner is told, all at once."""
        with self._database.lasting() as connection:
            if not posts.settle(connection, post, "failed", settled_at=to_text(now), problem=why):
                return False
            row = connection.execute(
                "UPDATE schedules SET paused = 1, paused_why = ? WHERE id = ? AND paused = 0 RETURNING *",
                (why, post.schedule_id),
            ).fetchone()
            if row is not None:
                record(connection, post.team_id, audit_line(_record(row).subject, "bot", now, "paused", "", why))
            return posts.insert(connection, notice, now, "due")

    def look_anew(self, team_id: str, now: datetime, runs: Course, moved: Moved | None) -> None:
        """Let every schedule wait for its next run, whatever was stored while the clock was ahead, or by older zone rules.

        `moved` is given where those rules have changed: the owner of each schedule that moves by hours is told.
        """
        with self._database.transaction() as connection:
            rows = connection.execute(
                "SELECT * FROM schedules WHERE team_id = ? AND paused = 0 AND deleted_at IS NULL AND next_run_at > ?",
                (team_id, to_text(now)),
            ).fetchall()
            for row in rows:
                found, following = _record(row), runs(row["spec"], now).following
                if following is None or found.next_run_at in {None, following}:
                    continue
                connection.execute("UPDATE schedules SET next_run_at = ? WHERE id = ?", (to_text(following), found.id))
                if moved and found.next_run_at and abs(found.next_run_at - following) <= RETIMED:
                    posts.insert(connection, moved(found, following), now, "due")

    def claim_due(
        self,
        team_id: str,
        now: datetime,
        runs: Course,
        missed: Missed,
        *,
        limit: int = 100,
    ) -> int:
        """Record a post for every schedule that is due and set it to its next run, all in one transaction.

        Of several missed runs only the newest is posted, and none that is more than six hours late. However many
        processes call this at once, each run is recorded once: a schedule moves on with its post or not at all.
        """
        with self._database.lasting() as connection:
            rows = connection.execute(
                "SELECT * FROM schedules WHERE team_id = ? AND next_run_at <= ? AND paused = 0 AND deleted_at IS NULL"
                " ORDER BY next_run_at LIMIT ?",
                (team_id, to_text(now), limit),
            ).fetchall()
            unsure = connection.execute(_UNSURE, (MACHINE, UNSURE)).fetchone()[0]
            for schedule in map(_record, rows):
                _claim(connection, schedule, now, runs(schedule.spec, now), missed, unsure)
            return len(rows)


def _claim(  # noqa: PLR0913, PLR0917 - a schedule, its runs, and what is told of it
    connection: sqlite3.Connection, schedule: Schedule, now: datetime, runs: Runs, missed: Missed, unsure: str
) -> None:
    """Record the run that is due; one that was due by `unsure` may have been posted, and is looked up before it is posted."""
    assert schedule.next_run_at is not None
    due = max(runs.last, schedule.next_run_at)
    moved = connection.execute(
        "UPDATE schedules SET next_run_at = ? WHERE id = ? AND next_run_at = ? AND paused = 0",
        (runs.following and to_text(runs.following), schedule.id, to_text(schedule.next_run_at)),
    )
    assert moved.rowcount == 1
    late = now - due > LATE
    post = posts.NewPost(
        team_id=schedule.team_id,
        name=f"summary {schedule.id} {to_text(due)}",
        kind="summary",
        channel_id=schedule.channel_id,
        user_id=schedule.user_id,
        schedule_id=schedule.id,
        due_at=due,
        problem=f"missed by {_length(now - due)}: the bot was not running" if late else "",
    )
    perhaps = not late and to_text(due) <= unsure
    recorded = posts.insert(connection, post, now, "skipped" if late else "sending" if perhaps else "due")
    if late and recorded:
        posts.insert(connection, missed(schedule, due, runs.following), now, "due")


def _length(span: timedelta) -> str:
    hours = round(span.total_seconds() / 3600)
    return f"{hours} hours" if hours < 72 else f"{round(hours / 24)} days"


def _names(viewer: Viewer) -> dict[str, object]:
    return {"team_id": viewer.team_id, "user_id": viewer.user_id, "channel_id": viewer.channel_id}


def _record(row: sqlite3.Row) -> Schedule:
    return Schedule.model_validate({name: row[name] for name in Schedule.model_fields})
