"""The history of the schema: small steps, append only, each in a transaction of its own.

A step that has been released is never edited; a change is one more step at the end of STEPS. A step is known by its
function's name. Nothing but an actual migration imports sqlite-utils, which takes about as long as an answer.
"""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from storage.errors import NotABackup, SchemaTooNew

if TYPE_CHECKING:
    from sqlite_utils import Database

SET = "storage"


def create_comparisons(db: "Database") -> None:
    """Questions with their answers. `results` is last, so that reading the rest of a row skips its long text."""
    db.conn.execute("""
        CREATE TABLE comparisons (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            team_id TEXT NOT NULL,
            number INTEGER NOT NULL,
            channel_id TEXT NOT NULL,
            channel_name TEXT NOT NULL,
            private INTEGER NOT NULL CHECK (private IN (0, 1)),
            user_id TEXT NOT NULL,
            kind TEXT NOT NULL,
            question TEXT NOT NULL,
            spelled_out TEXT NOT NULL,
            headline TEXT NOT NULL,
            parts TEXT NOT NULL,
            created_at TEXT NOT NULL,
            shared_channel_id TEXT,
            shared_at TEXT,
            deleted_at TEXT,
            results TEXT NOT NULL CHECK (json_valid(results)),
            UNIQUE (team_id, number)
        )""")
    db.conn.execute("CREATE INDEX comparisons_of_person ON comparisons (team_id, user_id, id)")


def create_comparison_numbers(db: "Database") -> None:
    """The last number given out in each workspace, so that the number of a removed row is never given again."""
    db.conn.execute("""
        CREATE TABLE comparison_numbers (
            team_id TEXT PRIMARY KEY,
            last INTEGER NOT NULL
        ) WITHOUT ROWID""")


def create_comparison_shares(db: "Database") -> None:
    """Every channel in which a comparison was shared."""
    db.conn.execute("""
        CREATE TABLE comparison_shares (
            comparison_id INTEGER NOT NULL REFERENCES comparisons (id) ON DELETE CASCADE,
            channel_id TEXT NOT NULL,
            shared_at TEXT NOT NULL,
            PRIMARY KEY (comparison_id, channel_id)
        ) WITHOUT ROWID""")


def create_comparison_index(db: "Database") -> None:
    """The full-text index. `scope` names who may find a row, so that a search walks only rows that may be shown."""
    db.conn.execute("""
        CREATE VIEW comparison_texts AS
        SELECT
            id,
            'u' || hex(team_id || ' ' || user_id) || coalesce((
                SELECT group_concat(' c' || hex(team_id || ' ' || shares.channel_id), '')
                FROM comparison_shares AS shares WHERE shares.comparison_id = comparisons.id
            ), '') AS scope,
            question || ' ' || spelled_out || ' ' || headline || ' ' || parts AS words
        FROM comparisons WHERE deleted_at IS NULL""")
    db.conn.execute("""
        CREATE VIRTUAL TABLE comparison_index USING fts5 (
            scope, words, content = 'comparison_texts', content_rowid = 'id',
            tokenize = 'unicode61 remove_diacritics 2', columnsize = 0
        )""")


def create_workspace_facts(db: "Database") -> None:
    """Small facts about a workspace."""
    db.conn.execute("""
        CREATE TABLE workspace_facts (
            team_id TEXT NOT NULL,
            key TEXT NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (team_id, key)
        ) WITHOUT ROWID""")


def create_deliveries(db: "Database") -> None:
    """What Slack has delivered lately; its ids are unique over all workspaces."""
    db.conn.execute("CREATE TABLE deliveries (id TEXT PRIMARY KEY, seen_at TEXT NOT NULL) WITHOUT ROWID")
    db.conn.execute("CREATE INDEX deliveries_by_age ON deliveries (seen_at)")


def create_deployments(db: "Database") -> None:
    """What a team runs. People call a deployment by its name, which is unique in the workspace."""
    db.conn.execute("""
        CREATE TABLE deployments (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            team_id TEXT NOT NULL,
            name TEXT NOT NULL COLLATE NOCASE,
            user_id TEXT NOT NULL,
            channel_id TEXT NOT NULL,
            channel_name TEXT NOT NULL,
            private INTEGER NOT NULL CHECK (private IN (0, 1)),
            question TEXT NOT NULL,
            spelled_out TEXT NOT NULL,
            pinned INTEGER NOT NULL CHECK (pinned IN (0, 1)),
            budget_usd TEXT,
            tags TEXT NOT NULL CHECK (json_valid(tags)),
            state TEXT NOT NULL CHECK (state IN ('running', 'paused', 'retired')),
            created_at TEXT NOT NULL,
            UNIQUE (team_id, name)
        )""")


def create_plans(db: "Database") -> None:
    """The rates of a deployment from a moment on, until the next ones."""
    db.conn.execute("""
        CREATE TABLE plans (
            deployment_id INTEGER NOT NULL REFERENCES deployments (id) ON DELETE CASCADE,
            since TEXT NOT NULL,
            running INTEGER NOT NULL CHECK (running IN (0, 1)),
            why TEXT NOT NULL,
            terms TEXT NOT NULL CHECK (json_valid(terms)),
            PRIMARY KEY (deployment_id, since)
        ) WITHOUT ROWID""")


def create_changes(db: "Database") -> None:
    """Who changed what, when, from what to what."""
    db.conn.execute("""
        CREATE TABLE changes (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            team_id TEXT NOT NULL,
            subject TEXT NOT NULL,
            user_id TEXT NOT NULL,
            changed_at TEXT NOT NULL,
            what TEXT NOT NULL,
            before TEXT NOT NULL,
            after TEXT NOT NULL
        )""")
    db.conn.execute("CREATE INDEX changes_of_subject ON changes (team_id, subject, id)")


_SEEN = """
            requests REAL, input_tokens REAL, output_tokens REAL, requests_with_tokens REAL NOT NULL,
            running REAL, waiting REAL, kv_share REAL, ttft_p95_s REAL, tpot_p95_s REAL, latency_p95_s REAL"""


def create_usage(db: "Database") -> None:
    """What deployments were seen to do: by the hour since 1970 (UTC), older ones by the day, and rates that people typed.

    `which` has a bit for each hour of the day that is counted in, the first one's lowest.
    """
    db.conn.execute(f"""
        CREATE TABLE usage_hours (
            deployment_id INTEGER NOT NULL REFERENCES deployments (id) ON DELETE CASCADE,
            hour INTEGER NOT NULL,{_SEEN},
            seen TEXT NOT NULL,
            PRIMARY KEY (deployment_id, hour)
        ) WITHOUT ROWID""")
    db.conn.execute("CREATE INDEX usage_hours_by_age ON usage_hours (hour)")
    db.conn.execute(f"""
        CREATE TABLE usage_days (
            deployment_id INTEGER NOT NULL REFERENCES deployments (id) ON DELETE CASCADE,
            hour INTEGER NOT NULL,{_SEEN},
            hours INTEGER NOT NULL,
            peak_requests REAL,
            which INTEGER NOT NULL DEFAULT 16777215,
            PRIMARY KEY (deployment_id, hour)
        ) WITHOUT ROWID""")
    db.conn.execute("CREATE INDEX usage_days_by_age ON usage_days (hour)")
    db.conn.execute("""
        CREATE TABLE usage_rates (
            deployment_id INTEGER NOT NULL REFERENCES deployments (id) ON DELETE CASCADE,
            since INTEGER NOT NULL,
            requests_per_hour REAL,
            input_tokens REAL,
            output_tokens REAL,
            user_id TEXT NOT NULL,
            PRIMARY KEY (deployment_id, since)
        ) WITHOUT ROWID""")


def create_sources(db: "Database") -> None:
    """Where the usage of a deployment is fetched from. `token` names a secret of the environment, never the secret."""
    db.conn.execute("""
        CREATE TABLE sources (
            deployment_id INTEGER PRIMARY KEY REFERENCES deployments (id) ON DELETE CASCADE,
            url TEXT NOT NULL,
            selector TEXT NOT NULL,
            token TEXT NOT NULL,
            engine TEXT NOT NULL,
            fetched_hour INTEGER NOT NULL,
            next_fetch_at TEXT NOT NULL,
            seen_at TEXT,
            failing_since TEXT,
            problem TEXT NOT NULL
        )""")
    db.conn.execute("CREATE INDEX sources_due ON sources (next_fetch_at)")


def create_schedules(db: "Database") -> None:
    """When which summary goes where. A schedule without a next run has none left, or is paused."""
    db.conn.execute("""
        CREATE TABLE schedules (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            team_id TEXT NOT NULL,
            number INTEGER NOT NULL,
            user_id TEXT NOT NULL,
            channel_id TEXT NOT NULL,
            channel_name TEXT NOT NULL,
            private INTEGER NOT NULL CHECK (private IN (0, 1)),
            spec TEXT NOT NULL,
            about TEXT NOT NULL,
            created_at TEXT NOT NULL,
            next_run_at TEXT,
            paused INTEGER NOT NULL DEFAULT 0 CHECK (paused IN (0, 1)),
            paused_why TEXT NOT NULL DEFAULT '',
            deleted_at TEXT,
            UNIQUE (team_id, number)
        )""")
    db.conn.execute("""
        CREATE INDEX schedules_due ON schedules (team_id, next_run_at) WHERE paused = 0 AND deleted_at IS NULL""")


def create_posts(db: "Database") -> None:
    """What the bot posts by itself: recorded before it is sent, settled after. `name` makes each the only one of its kind."""
    db.conn.execute("""
        CREATE TABLE posts (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            team_id TEXT NOT NULL,
            name TEXT NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('summary', 'alert', 'notice')),
            channel_id TEXT NOT NULL,
            user_id TEXT NOT NULL,
            schedule_id INTEGER REFERENCES schedules (id) ON DELETE CASCADE,
            due_at TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('due', 'sending', 'sent', 'unsettled', 'failed', 'skipped')),
            message TEXT CHECK (message IS NULL OR json_valid(message)),
            not_before TEXT NOT NULL,
            leased_until TEXT NOT NULL DEFAULT '',
            attempts INTEGER NOT NULL DEFAULT 0,
            sending_at TEXT,
            settled_at TEXT,
            ts TEXT,
            problem TEXT NOT NULL DEFAULT '',
            UNIQUE (team_id, name)
        )""")
    db.conn.execute("CREATE INDEX posts_open ON posts (team_id, not_before) WHERE state IN ('due', 'sending')")
    db.conn.execute("CREATE INDEX posts_by_channel ON posts (channel_id, sending_at)")
    db.conn.execute("CREATE INDEX posts_of_schedule ON posts (schedule_id, due_at)")
    db.conn.execute("CREATE INDEX posts_by_age ON posts (due_at)")


def create_alarms(db: "Database") -> None:
    """What was raised about a deployment and not cleared since; `period` is the month of a budget."""
    db.conn.execute("""
        CREATE TABLE alarms (
            deployment_id INTEGER NOT NULL REFERENCES deployments (id) ON DELETE CASCADE,
            kind TEXT NOT NULL,
            period TEXT NOT NULL,
            raised_at TEXT NOT NULL,
            cleared_at TEXT,
            PRIMARY KEY (deployment_id, kind)
        ) WITHOUT ROWID""")


def create_rates(db: "Database") -> None:
    """A workspace's own prices of an accelerator, and since when. An old one is ended, never overwritten."""
    db.conn.execute("""
        CREATE TABLE rates (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            team_id TEXT NOT NULL,
            gpu TEXT NOT NULL,
            provider TEXT NOT NULL,
            usd_per_gpu_hour TEXT NOT NULL,
            note TEXT NOT NULL,
            user_id TEXT NOT NULL,
            since TEXT NOT NULL,
            until TEXT
        )""")
    db.conn.execute("CREATE INDEX rates_of_team ON rates (team_id, gpu, since)")


def create_offers(db: "Database") -> None:
    """Public prices that were fetched since the program was built: a row for each price, and until when it was seen so."""
    db.conn.execute("""
        CREATE TABLE offers (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            gpu TEXT NOT NULL,
            card TEXT NOT NULL,
            provider TEXT NOT NULL,
            region TEXT NOT NULL,
            gpus INTEGER NOT NULL,
            spot INTEGER NOT NULL CHECK (spot IN (0, 1)),
            usd_per_gpu_hour REAL NOT NULL,
            seen_at TEXT NOT NULL,
            confirmed_at TEXT NOT NULL,
            source TEXT NOT NULL
        )""")
    db.conn.execute("CREATE INDEX offers_by_place ON offers (gpu, provider, region, gpus, spot, id)")


def create_calibrations(db: "Database") -> None:
    """What a team measured itself: an operating point as JSON, by whom and when."""
    db.conn.execute("""
        CREATE TABLE calibrations (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            team_id TEXT NOT NULL,
            point TEXT NOT NULL CHECK (json_valid(point)),
            user_id TEXT NOT NULL,
            measured_at TEXT NOT NULL,
            removed_at TEXT
        )""")
    db.conn.execute("CREATE INDEX calibrations_by_team ON calibrations (team_id, id)")


def create_own_models(db: "Database") -> None:
    """A team's own models: the config.json as it was given. A name keeps its meaning for good."""
    db.conn.execute("""
        CREATE TABLE own_models (
            team_id TEXT NOT NULL,
            name TEXT NOT NULL COLLATE NOCASE,
            config TEXT NOT NULL CHECK (json_valid(config)),
            user_id TEXT NOT NULL,
            added_at TEXT NOT NULL,
            removed_at TEXT,
            PRIMARY KEY (team_id, name)
        ) WITHOUT ROWID""")


def create_scenarios(db: "Database") -> None:
    """Questions that a channel keeps under a name. `answer` is last, so that reading the rest of a row skips its long text."""
    db.conn.execute("""
        CREATE TABLE scenarios (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            team_id TEXT NOT NULL,
            channel_id TEXT NOT NULL,
            name TEXT NOT NULL COLLATE NOCASE,
            user_id TEXT NOT NULL,
            title TEXT NOT NULL,
            about TEXT NOT NULL,
            question TEXT NOT NULL,
            saved_at TEXT NOT NULL,
            answered_at TEXT NOT NULL,
            ended_at TEXT,
            answer TEXT CHECK (answer IS NULL OR json_valid(answer))
        )""")
    db.conn.execute(
        "CREATE UNIQUE INDEX scenarios_by_name ON scenarios (team_id, channel_id, name) WHERE ended_at IS NULL"
    )
    db.conn.execute("CREATE INDEX scenarios_ended ON scenarios (team_id, channel_id, name, ended_at)")


def create_comparison_threads(db: "Database") -> None:
    """Which comparisons were asked in which thread: what a reply in it goes on from."""
    db.conn.execute("""
        CREATE TABLE comparison_threads (
            thread TEXT NOT NULL,
            comparison_id INTEGER NOT NULL REFERENCES comparisons (id) ON DELETE CASCADE,
            PRIMARY KEY (thread, comparison_id)
        ) WITHOUT ROWID""")
    db.conn.execute("CREATE INDEX comparison_threads_of ON comparison_threads (comparison_id)")


def add_shown_at_to_comparison_threads(db: "Database") -> None:
    """When an answer came to its thread: one that is shared there is newer than its number tells."""
    db.conn.execute("ALTER TABLE comparison_threads ADD COLUMN shown_at TEXT NOT NULL DEFAULT ''")


def create_defaults(db: "Database") -> None:
    """What is taken for granted where a question leaves it out: a person's, or the workspace's where `user_id` is empty."""
    db.conn.execute("""
        CREATE TABLE defaults (
            team_id TEXT NOT NULL,
            user_id TEXT NOT NULL,
            name TEXT NOT NULL,
            value TEXT NOT NULL,
            set_by TEXT NOT NULL,
            since TEXT NOT NULL,
            PRIMARY KEY (team_id, user_id, name)
        ) WITHOUT ROWID""")


def create_homes(db: "Database") -> None:
    """Who opened their Home tab, and so sees it go stale."""
    db.conn.execute("""
        CREATE TABLE homes (
            team_id TEXT NOT NULL,
            user_id TEXT NOT NULL,
            opened_at TEXT NOT NULL,
            PRIMARY KEY (team_id, user_id)
        ) WITHOUT ROWID""")


def create_age_indexes(db: "Database") -> None:
    """What is old enough to be removed, and the newest changes of a workspace, found without reading the rest."""
    db.conn.execute("CREATE INDEX comparisons_by_age ON comparisons (team_id, created_at)")
    db.conn.execute(
        "CREATE INDEX comparisons_deleted ON comparisons (team_id, deleted_at) WHERE deleted_at IS NOT NULL"
    )
    db.conn.execute("CREATE INDEX scenarios_by_end ON scenarios (team_id, ended_at) WHERE ended_at IS NOT NULL")
    db.conn.execute("CREATE INDEX changes_of_team ON changes (team_id, id)")
    db.conn.execute("CREATE INDEX changes_of_person ON changes (team_id, user_id, id)")


def create_accepted(db: "Database") -> None:
    """What was acknowledged and is being answered, by which process."""
    db.conn.execute("""
        CREATE TABLE accepted (
            id TEXT PRIMARY KEY,
            team_id TEXT NOT NULL,
            user_id TEXT NOT NULL,
            channel_id TEXT NOT NULL,
            thread_ts TEXT,
            text TEXT NOT NULL,
            response_url TEXT NOT NULL,
            process TEXT NOT NULL,
            accepted_at TEXT NOT NULL,
            leased_until TEXT NOT NULL
        ) WITHOUT ROWID""")
    db.conn.execute("CREATE INDEX accepted_by_lease ON accepted (team_id, leased_until)")


def index_posts_in_doubt(db: "Database") -> None:
    """Few of many posts are in doubt: their count needs not pass the others."""
    db.conn.execute("CREATE INDEX posts_in_doubt ON posts (team_id) WHERE state IN ('sending', 'unsettled')")


def create_channels(db: "Database") -> None:
    """What Slack said of channels."""
    db.conn.execute("""
        CREATE TABLE channels (
            team_id TEXT NOT NULL,
            channel_id TEXT NOT NULL,
            private INTEGER NOT NULL CHECK (private IN (0, 1)),
            shared INTEGER NOT NULL CHECK (shared IN (0, 1)),
            looked_at TEXT NOT NULL,
            PRIMARY KEY (team_id, channel_id)
        ) WITHOUT ROWID""")


def close_unknown_places(db: "Database") -> None:
    """A channel that only an event or another channel named was taken for public, and so were direct messages of a group."""
    unknown = "private = 0 AND (channel_name = '' OR channel_name GLOB 'mpdm-*') AND channel_id GLOB '[CG]*'"
    for table in ("deployments", "schedules"):
        db.conn.execute(
            f"ALTER TABLE {table} ADD COLUMN place_known INTEGER NOT NULL DEFAULT 1 CHECK (place_known IN (0, 1))"
        )
        db.conn.execute(f"UPDATE {table} SET private = 1, place_known = (channel_name <> '') WHERE {unknown}")  # noqa: S608 - our own words


def let_names_be_private(db: "Database") -> None:
    """A name is unique where it is seen: `key` has the channel before the name of what is private."""
    db.conn.execute("ALTER TABLE deployments RENAME COLUMN name TO key")
    db.conn.execute("ALTER TABLE deployments ADD COLUMN name TEXT NOT NULL DEFAULT '' COLLATE NOCASE")
    db.conn.execute("UPDATE deployments SET name = key")
    db.conn.execute("UPDATE deployments SET key = channel_id || ' ' || name WHERE private = 1")


def create_erasures(db: "Database") -> None:
    """Whom a backup must not bring back: digests alone, since nothing else is kept of them."""
    db.conn.execute("CREATE TABLE erasures (digest TEXT NOT NULL, erased_at TEXT NOT NULL)")


STEPS: tuple[Callable[["Database"], None], ...] = (
    create_comparisons,
    create_comparison_numbers,
    create_comparison_shares,
    create_comparison_index,
    create_workspace_facts,
    create_deliveries,
    create_deployments,
    create_plans,
    create_changes,
    create_usage,
    create_sources,
    create_schedules,
    create_posts,
    create_alarms,
    create_rates,
    create_offers,
    create_calibrations,
    create_own_models,
    create_scenarios,
    create_comparison_threads,
    add_shown_at_to_comparison_threads,
    create_defaults,
    create_homes,
    create_age_indexes,
    create_accepted,
    index_posts_in_doubt,
    create_channels,
    close_unknown_places,
    let_names_be_private,
    create_erasures,
)


def pending(connection: sqlite3.Connection, path: Path) -> list[str]:
    """The names of the steps still to do, in order; SchemaTooNew when the file has one that is unknown here."""
    names = [step.__name__ for step in STEPS]
    applied = _applied(connection)
    if applied - set(names):
        raise SchemaTooNew(path)
    return [name for name in names if name not in applied]


def apply(connection: sqlite3.Connection, path: Path, name: str) -> None:
    """Do the step `name` in the caller's write transaction, unless another process has done it meanwhile."""
    from sqlite_utils import Database  # noqa: PLC0415 - slow, and needed only when the schema changes
    from sqlite_utils.migrations import Migrations  # noqa: PLC0415 - likewise

    left = pending(connection, path)
    if name not in left:
        return
    history = Migrations(SET)
    for step in STEPS:
        history()(step)
    history.apply(Database(connection), stop_before=left[left.index(name) + 1 :])


def require_ours(connection: sqlite3.Connection, path: Path) -> None:
    """Raise unless this program, in this version or an older one, wrote the file."""
    if not _applied(connection):
        raise NotABackup(path)
    pending(connection, path)


def _applied(connection: sqlite3.Connection) -> set[str]:
    table = connection.execute("SELECT 1 FROM sqlite_master WHERE name = '_sqlite_migrations'").fetchall()
    if not table:
        return set()
    rows = connection.execute("SELECT name FROM _sqlite_migrations WHERE migration_set = ?", (SET,))
    return {name for (name,) in rows.fetchall()}
