"""A power cut: of a database on a disk that loses whatever was not synced, what must not happen twice is still there.

Storage's own statements are traced, with their values, and run again by another library over files that remember what was synced.
"""

import sqlite3
from contextlib import closing, contextmanager
from datetime import timedelta

import apsw
import pytest

from storage.accepted import AcceptedBook, NewAccepted
from storage.comparisons import Comparisons
from storage.database import Database
from storage.posts import NewPost, Posts
from storage.retention import Retention
from storage.schedules import NewSchedule, Runs, Schedules
from tests.storage.samples import NOON, asked
from tests.storage.tracked import ready


class Disk(apsw.VFS):
    """Files as they are, and as they were when they were last synced."""

    def __init__(self):
        self.synced = {}
        super().__init__("disk", "")

    def xOpen(self, name, flags):  # noqa: N802 - SQLite's names
        return File(self, name, flags)

    def xDelete(self, name, sync):  # noqa: N802
        self.synced.pop(name, None)
        super().xDelete(name, sync)


class File(apsw.VFSFile):
    def __init__(self, disk, name, flags):
        self.disk, self.name = disk, name.filename() if isinstance(name, apsw.URIFilename) else name
        super().__init__("", name, flags)

    def xSync(self, flags):  # noqa: N802
        super().xSync(flags)
        with open(self.name, "rb") as file:  # noqa: PTH123
            self.disk.synced[self.name] = file.read()


@contextmanager
def traced(database):
    """Every statement of a connection, as text with its values."""
    said, connect = [], database._connect

    def listening():
        connection = connect()
        [level] = connection.execute("PRAGMA synchronous").fetchone()
        said.append(f"PRAGMA synchronous = {level}")
        connection.set_trace_callback(said.append)
        return connection

    database._let_go()
    database._connect = listening
    yield said
    database._connect = connect


def after_a_power_cut(before, statements, tmp_path):
    """The database file of the disk after the statements: what was synced, in a folder of its own."""
    live, left = tmp_path / "live", tmp_path / "left"
    live.mkdir(), left.mkdir()
    place = live / "bot.db"
    place.write_bytes(before)
    disk = Disk()
    disk.synced[str(place)] = before
    connection = apsw.Connection(str(place), vfs="disk")
    for statement in statements:
        if not statement.startswith("-- "):
            connection.execute(statement).fetchall()
    for name, content in disk.synced.items():
        (left / name.rpartition("/")[2]).write_bytes(content)
    connection.close()
    return left / "bot.db"


def run_at(_, now):
    return Runs(now, now + timedelta(days=1))


def told(schedule, due, following):
    raise AssertionError("nothing is late")


def a_post(database):
    book = Posts(database)
    book.add(
        NewPost(
            team_id="T1",
            name="alert 1",
            kind="alert",
            channel_id="C1",
            user_id="U1",
            due_at=NOON,
            message={"text": "x", "blocks": []},
        ),
        NOON,
    )
    post = book.take("T1", NOON)
    book.sending(post, {"text": "x", "blocks": []}, NOON)
    return post


def post_that_is_sent(database):
    post = a_post(database)
    Posts(database).sent(post, "1.1", NOON)


def run_that_is_claimed(database):
    new = NewSchedule(team_id="T1", user_id="U1", channel_id="C1", private=False, spec="x")
    Schedules(database).add(new, NOON, NOON)
    Schedules(database).claim_due("T1", NOON, run_at, told)


def question_that_is_taken(database):
    AcceptedBook(database).take(NewAccepted(id="Ev1", team_id="T1", user_id="U1", channel_id="C1", text="help"), NOON)


def question_that_is_answered(database):
    book = AcceptedBook(database)
    question_that_is_taken(database)
    book.finish("Ev1")


def person_that_is_erased(database):
    Comparisons(database).add(asked(user_id="U1"), NOON)
    Retention(database).erase_person("T1", "U1")


LASTING = {
    a_post: ("SELECT state FROM posts", [("sending",)]),
    post_that_is_sent: ("SELECT state, ts FROM posts", [("sent", "1.1")]),
    run_that_is_claimed: ("SELECT count(*), min(schedules.next_run_at > posts.due_at) FROM posts, schedules", [(1, 1)]),
    question_that_is_taken: ("SELECT id FROM accepted UNION ALL SELECT count(*) FROM deliveries", [("Ev1",), (1,)]),
    question_that_is_answered: (
        "SELECT count(*) FROM accepted UNION ALL SELECT count(*) FROM deliveries",
        [(0,), (1,)],
    ),
    person_that_is_erased: ("SELECT count(*) FROM comparisons UNION ALL SELECT count(*) FROM erasures", [(0,), (1,)]),
}


@pytest.mark.parametrize("work", LASTING, ids=lambda work: work.__name__)
def test_what_must_not_happen_twice_is_there_after_a_power_cut(work, tmp_path):
    path = ready(tmp_path)
    before = path.read_bytes()
    with Database(path) as database, traced(database) as statements:
        work(database)
    asked_of, expected = LASTING[work]
    with closing(sqlite3.connect(after_a_power_cut(before, statements, tmp_path))) as left:
        assert left.execute(asked_of).fetchall() == expected
        assert left.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_the_disk_of_these_tests_loses_what_was_not_synced(tmp_path):
    """An answer is stored without waiting for the disk: here it is gone."""
    path = ready(tmp_path)
    before = path.read_bytes()
    with Database(path) as database, traced(database) as statements:
        Comparisons(database).add(asked(), NOON)
    with closing(sqlite3.connect(after_a_power_cut(before, statements, tmp_path))) as left:
        assert left.execute("SELECT count(*) FROM comparisons").fetchall() == [(0,)]
