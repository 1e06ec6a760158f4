"""What was raised about deployments, so that each crossing is told once, by whichever process sees it first."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from calculator.spending.alerts import Raised
from storage import posts
from storage.database import Database
from storage.moments import to_text


class Alerts:
    """The alerts of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def raised(self, ids: Iterable[int]) -> Mapping[int, tuple[Raised, ...]]:
        """What is raised and not cleared, by deployment."""
        wanted = list(ids)
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT alarms.* FROM json_each(?) AS wanted JOIN alarms ON deployment_id = wanted.value WHERE cleared_at IS NULL"
                " ORDER BY deployment_id, raised_at, kind",
                (json.dumps(wanted),),
            ).fetchall()
        found: dict[int, tuple[Raised, ...]] = dict.fromkeys(wanted, ())
        for row in rows:
            found[row["deployment_id"]] += (Raised(kind=row["kind"], period=row["period"]),)
        return found

    def settle(
        self,
        deployment_id: int,
        cleared: Sequence[Raised],
        raised: Sequence[tuple[Raised, posts.NewPost | None]],
        now: datetime,
    ) -> None:
        """Clear some and raise others, with the post that tells it, all at once. One that is raised already posts nothing.

        Nor does one about a deployment that is gone meanwhile.
        """
        with self._database.transaction() as connection:
            for one in cleared:
                connection.execute(
                    "UPDATE alarms SET cleared_at = ? WHERE deployment_id = ? AND kind = ? AND period = ?",
                    (to_text(now), deployment_id, one.kind, one.period),
                )
            for one, post in raised:
                done = connection.execute(
                    "INSERT INTO alarms (deployment_id, kind, period, raised_at) SELECT id, ?, ?, ? FROM deployments WHERE id = ?"
                    " ON CONFLICT (deployment_id, kind) DO UPDATE SET period = excluded.period, raised_at = excluded.raised_at,"
                    " cleared_at = NULL WHERE cleared_at IS NOT NULL OR alarms.period <> excluded.period",
                    (one.kind, one.period, to_text(now), deployment_id),
                )
                if done.rowcount == 1 and post:
                    posts.insert(connection, post, now, "due")
