"""The state of the database in a few figures, for whoever operates the bot; over all workspaces in it."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from pydantic import BaseModel, ConfigDict

from storage.database import Database
from storage.moments import to_text

DAY = timedelta(days=1)
OVERDUE = timedelta(minutes=1)
"""A schedule whose run is not recorded by then is late: the clock looks every few seconds."""
_SCHEDULES = """
    SELECT iif(paused, 'paused', 'active'), count(*) FROM schedules WHERE deleted_at IS NULL GROUP BY 1
    UNION ALL SELECT 'late', count(*) FROM schedules WHERE next_run_at <= ? AND paused = 0 AND deleted_at IS NULL"""


class State(BaseModel):
    """How much there is of what."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    posts: Mapping[str, int]
    """What was due in the last day, by state."""
    schedules: Mapping[str, int]
    """active, paused, late."""
    alerts: Mapping[str, int]
    """What is raised now, by kind."""
    answering: int
    """Questions that are acknowledged and not answered."""
    schema_step: str
    """The newest step of the schema."""


def read_state(database: Database, now: datetime) -> State:
    """Count what is there."""
    with database.read() as connection:

        def counted(statement: str, *values: str) -> dict[str, int]:
            return {row[0]: row[1] for row in connection.execute(statement, values).fetchall()}

        steps = connection.execute("SELECT name FROM _sqlite_migrations ORDER BY id DESC LIMIT 1").fetchone()
        return State(
            posts=counted("SELECT state, count(*) FROM posts WHERE due_at >= ? GROUP BY state", to_text(now - DAY)),
            schedules=counted(_SCHEDULES, to_text(now - OVERDUE)),
            alerts=counted("SELECT kind, count(*) FROM alarms WHERE cleared_at IS NULL GROUP BY kind"),
            answering=connection.execute("SELECT count(*) FROM accepted").fetchone()[0],
            schema_step=steps["name"],
        )


def is_readable(database: Database) -> bool:
    """Whether a row can be read; StorageError where not."""
    with database.read() as connection:
        connection.execute("SELECT 1 FROM workspace_facts LIMIT 1").fetchall()
        return True


def sizes(database: Database) -> Mapping[str, int]:
    """Bytes of the file and of its write-ahead log; 0 where there is none."""
    names = {"database": "", "wal": "-wal"}
    paths = {name: database.path.with_name(f"{database.path.name}{ending}") for name, ending in names.items()}
    return {name: path.stat().st_size if path.exists() else 0 for name, path in paths.items()}
