"""How the bot is doing in one workspace: sizes and counts."""

from pydantic import BaseModel, ConfigDict

from storage.database import Database

_COUNTS = """
    SELECT
        (SELECT count(*) FROM posts WHERE team_id = :team_id AND state IN ('sending', 'unsettled')) AS in_doubt,
        (SELECT count(*) FROM schedules WHERE team_id = :team_id AND deleted_at IS NULL) AS schedules,
        (SELECT count(*) FROM schedules WHERE team_id = :team_id AND paused = 1 AND deleted_at IS NULL) AS paused"""


class Status(BaseModel):
    """How the bot is doing."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    database_bytes: int
    """The file, with the log that it has not yet taken in."""
    in_doubt: int
    """Posts that may not have arrived."""
    schedules: int
    paused: int
    """Schedules that are paused."""


class Statuses:
    """The status of each workspace of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, team_id: str) -> Status:
        """As it is now."""
        path = self._database.path
        files = (path, path.with_name(f"{path.name}-wal"))
        size = sum(file.stat().st_size for file in files if file.exists())
        with self._database.read() as connection:
            row = connection.execute(_COUNTS, {"team_id": team_id}).fetchone()
        return Status(database_bytes=size, **dict(row))
