"""What the bot posts by itself: recorded before it is sent, settled after, so that nothing is lost and nothing doubled.

    due ──take──> due, leased ──sending──> sending ──sent──> sent
     ^                 |                      |
     |                 |                      |── lapsed, found in the channel ──> sent
     '── later ────────'── refused ─> failed  |── lapsed, not there ──> due
                                              '── lapsed, cannot look ──> unsettled (posted at most once)

A lease is longer than any request to Slack takes, so two processes never send the same post. Where too little of
it is left for a request, the post is not sent any more: another process may be looking for it by then.
"""

import json
import sqlite3
from datetime import datetime, timedelta
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from storage.database import Database
from storage.errors import NotFound
from storage.moments import Moment, to_text

LEASE = timedelta(minutes=3)
REQUEST = timedelta(minutes=2)
"""Longer than a request to Slack takes; so much of a lease is left when it begins."""
PACE = timedelta(seconds=1)
"""Slack takes one message a second in a channel."""
KEPT = timedelta(days=400)
"""How long settled posts are kept."""
Kind = Literal["summary", "alert", "notice"]
State = Literal["due", "sending", "sent", "unsettled", "failed", "skipped"]
_OPEN = "state IN ('due', 'sending')"
"""Said besides the state itself: only these words let SQLite use the index of open posts."""
_FREE = f"team_id = :team_id AND state = :state AND {_OPEN} AND leased_until <= :now"
_LAPSED = f"SELECT * FROM posts WHERE {_FREE} ORDER BY leased_until, id LIMIT 1"  # noqa: S608 - our own words
_CROWDED = (
    "EXISTS (SELECT 1 FROM posts AS other WHERE other.channel_id = posts.channel_id AND other.sending_at > :paced)"
)
_READY = f"SELECT * FROM posts WHERE {_FREE} AND not_before <= :now AND NOT {_CROWDED} ORDER BY not_before, id LIMIT 1"  # noqa: S608 - our own words
_WAITING = f"SELECT 1 FROM posts WHERE {_FREE} AND not_before <= :now AND {_CROWDED} LIMIT 1"  # noqa: S608 - our own words


class NewPost(BaseModel):
    """A post, before it is recorded."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    team_id: str = Field(min_length=1)
    name: str = Field(min_length=1)
    """What it is; a second post of the same name is never recorded."""
    kind: Kind
    """A summary is composed when it is due; an alert and a notice bring their message."""
    channel_id: str
    """Where it goes: a channel, or a person for a direct message."""
    user_id: str
    """Who is told when it cannot be posted."""
    schedule_id: int | None = None
    due_at: Moment
    not_before: Moment | None = None
    """Held back until then, as in quiet hours."""
    message: dict[str, Any] | None = None
    """Text and blocks."""
    problem: str = ""


class Post(NewPost):
    """A recorded post."""

    id: int
    state: State
    attempts: int
    """How often Slack refused it, and the request that is going on."""
    leased_until: str
    sending_at: Moment | None
    """When a request for it last went to Slack."""
    settled_at: Moment | None
    """When it was sent or given up; of an open post, when a person wanted it once more."""
    ts: str | None
    """Slack's name of the message, once it is sent."""


class Posts:
    """The posts of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, new: NewPost, now: datetime) -> bool:
        """Record a post that is to be sent; False where one of this name was recorded before."""
        with self._database.lasting() as connection:
            return insert(connection, new, now, "due")

    def take(self, team_id: str, now: datetime) -> Post | None:
        """Lease the next post that is ready and whose channel had none for a second; None where there is none."""
        return self._lease(_READY, team_id, "due", now)

    def take_lapsed(self, team_id: str, now: datetime) -> Post | None:
        """Lease a post of which nobody knows whether it was sent: its sender died or got no answer."""
        return self._lease(_LAPSED, team_id, "sending", now)

    def crowded(self, team_id: str, now: datetime) -> bool:
        """Whether a post is ready but for its channel, which had one within a second."""
        with self._database.read() as connection:
            return connection.execute(_WAITING, _moment(team_id, "due", now)).fetchone() is not None

    def _lease(self, statement: str, team_id: str, state: State, now: datetime) -> Post | None:
        values = _moment(team_id, state, now)
        with self._database.transaction() as connection:
            row = connection.execute(statement, values).fetchone()
            if row is None:
                return None
            leased = connection.execute(
                "UPDATE posts SET leased_until = ? WHERE id = ? RETURNING *", (to_text(now + LEASE), row["id"])
            ).fetchone()
            return _record(leased)

    def next_ready_at(self, team_id: str) -> datetime | None:
        """When the next open post may be ready; None where none is open."""
        with self._database.read() as connection:
            row = connection.execute(
                "SELECT min(max(not_before, leased_until)) FROM posts WHERE team_id = ? AND state IN ('due', 'sending')",
                (team_id,),
            ).fetchone()
        return None if row[0] is None else datetime.fromisoformat(row[0])

    def sending(self, post: Post, message: dict[str, Any], now: datetime) -> bool:
        """A request for it goes to Slack now. False where it must not go.

        Its lease is lost or nearly over; or another process sent to its channel within a second, and its turn comes later.
        """
        if post.leased_until < to_text(now + REQUEST):
            return False
        with self._database.lasting() as connection:
            if connection.execute(
                "SELECT 1 FROM posts WHERE channel_id = ? AND sending_at > ?", (post.channel_id, to_text(now - PACE))
            ).fetchone():
                settle(connection, post, "due", not_before=to_text(now + PACE), leased_until="")
                return False
            return settle(
                connection, post, "sending", "attempts + 1", message=json.dumps(message), sending_at=to_text(now)
            )

    def sent(self, post: Post, ts: str, now: datetime) -> bool:
        """Slack has it; the message itself is kept there."""
        return self._settle(post, "sent", ts=ts, settled_at=to_text(now), problem="", message=None)

    def later(self, post: Post, not_before: datetime, problem: str, now: datetime, *, refused: bool = False) -> bool:  # noqa: ARG002 - every change has its moment
        """Slack does not have it; try again at this moment. Only a refusal counts as an attempt."""
        count = "attempts" if refused else "max(attempts - 1, 0)"
        return self._settle(post, "due", count, not_before=to_text(not_before), leased_until="", problem=problem)

    def doubtful(self, post: Post, look_at: datetime, problem: str, now: datetime) -> bool:  # noqa: ARG002 - likewise
        """Slack may have it: look at this moment."""
        return self._settle(post, "sending", leased_until=to_text(look_at), problem=problem)

    def give_up(
        self,
        post: Post,
        state: Literal["failed", "unsettled", "skipped"],
        problem: str,
        now: datetime,
        notice: NewPost | None = None,
    ) -> bool:
        """It is not tried again by itself; whoever is to be told is told in the same transaction."""
        with self._database.lasting() as connection:
            done = settle(connection, post, state, settled_at=to_text(now), problem=problem)
            if done and notice:
                insert(connection, notice, now, "due")
            return done

    def _settle(self, post: Post, state: State, count: str = "attempts", **columns: Any) -> bool:
        with self._database.lasting() as connection:
            return settle(connection, post, state, count, **columns)

    def again(self, team_id: str, post_id: int, now: datetime) -> Post:
        """A person wants an unsettled, failed or skipped post to be sent now."""
        with self._database.lasting() as connection:
            row = connection.execute(
                "UPDATE posts SET state = 'due', not_before = :now, settled_at = :now, leased_until = '', problem = '', attempts = 0"
                " WHERE team_id = :team_id AND id = :id AND state IN ('unsettled', 'failed', 'skipped') RETURNING *",
                {"now": to_text(now), "team_id": team_id, "id": post_id},
            ).fetchone()
        if row is None:
            raise NotFound("That post is settled already: it was sent, or is on its way.")
        return _record(row)

    def get(self, team_id: str, post_id: int) -> Post:
        """One post; NotFound where the workspace has none of this id."""
        with self._database.read() as connection:
            row = connection.execute("SELECT * FROM posts WHERE team_id = ? AND id = ?", (team_id, post_id)).fetchone()
        if row is None:
            raise NotFound("There is no such post.")
        return _record(row)

    def of_schedule(self, schedule_id: int, *, limit: int = 5) -> tuple[Post, ...]:
        """The newest runs of a schedule."""
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT * FROM posts WHERE schedule_id = ? ORDER BY due_at DESC LIMIT ?", (schedule_id, limit)
            ).fetchall()
        return tuple(map(_record, rows))

    def purge(self, now: datetime) -> int:
        """Forget posts that were settled long ago."""
        with self._database.transaction() as connection:
            gone = connection.execute(
                "DELETE FROM posts WHERE due_at < ? AND state NOT IN ('due', 'sending')", (to_text(now - KEPT),)
            )
            return gone.rowcount


def insert(connection: sqlite3.Connection, new: NewPost, now: datetime, state: State) -> bool:
    """Record a post in the caller's transaction; False where one of this name is recorded."""
    values = new.model_dump()
    values["due_at"], values["not_before"] = to_text(new.due_at), to_text(new.not_before or now)
    values["message"] = None if new.message is None else json.dumps(new.message)
    values["settled_at"] = to_text(now) if state == "skipped" else None
    values["sending_at"] = values["due_at"] if state == "sending" else None
    names = ", ".join(values)
    done = connection.execute(
        f"INSERT INTO posts ({names}, state) VALUES ({', '.join(f':{name}' for name in values)}, :state) ON CONFLICT (team_id, name) DO NOTHING",  # noqa: S608
        {**values, "state": state},
    )
    return done.rowcount == 1


def settle(connection: sqlite3.Connection, post: Post, state: State, count: str = "attempts", **columns: Any) -> bool:
    """Change a post that this process holds, in the caller's transaction; False where its lease was lost."""
    sets = ", ".join([f"state = :state_, attempts = {count}", *(f"{name} = :{name}" for name in columns)])
    done = connection.execute(
        f"UPDATE posts SET {sets} WHERE id = :id_ AND leased_until = :lease_ AND state IN ('due', 'sending')",  # noqa: S608
        {**columns, "state_": state, "id_": post.id, "lease_": post.leased_until},
    )
    return done.rowcount == 1


def _moment(team_id: str, state: State, now: datetime) -> dict[str, str]:
    return {"team_id": team_id, "state": state, "now": to_text(now), "paced": to_text(now - PACE)}


def _record(row: sqlite3.Row) -> Post:
    values = {name: row[name] for name in Post.model_fields}
    return Post.model_validate(values | {"message": None if row["message"] is None else json.loads(row["message"])})
