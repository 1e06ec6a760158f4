"""A restored backup does not forget: nothing is posted twice, nobody erased comes back, no number is given twice."""

import random
from datetime import timedelta

import pytest

from storage import backups
from storage.carrying_over import GAP, UNSURE, carry_over
from storage.comparisons import Comparisons
from storage.database import Database
from storage.personal import Personal
from storage.posts import NewPost, Posts
from storage.retention import Retention
from storage.schedules import NewSchedule, Runs, Schedules
from storage.workspaces import Workspaces
from tests.storage.samples import NOON, asked
from tests.storage.tracked import ready

DAY = timedelta(days=1)


def daily(_, now):
    """Every day at nine."""
    nine = now.replace(hour=9, minute=0, second=0, microsecond=0)
    last = nine if nine <= now else nine - DAY
    return Runs(last, last + DAY)


def missed(schedule, due, following):
    return NewPost(
        team_id="T1",
        name=f"missed {due}",
        kind="notice",
        channel_id="U1",
        user_id="U1",
        due_at=due,
        message={"text": "x", "blocks": []},
    )


@pytest.fixture
def path(tmp_path):
    return ready(tmp_path)


def scheduled(database, now, user="U1"):
    new = NewSchedule(team_id="T1", user_id=user, channel_id="C1", private=False, spec="daily")
    return Schedules(database).add(new, daily("", now).following, now)


def posted(database, now, channels):
    """Post what is due, as the clock does; gives the names of what was sent."""
    while Schedules(database).claim_due("T1", now, daily, missed):
        pass
    book = Posts(database)
    while post := book.take("T1", now):
        if book.sending(post, {"text": "x", "blocks": []}, now):
            channels.append(post.name)
            assert book.sent(post, "1.1", now)
        now += timedelta(seconds=2)
    return channels


def put_back(path, backup, now, *, lost=False):
    if lost:
        path.unlink()
    backups.restore(path, backup, lambda copy, place: carry_over(copy, place, now))


@pytest.mark.parametrize("seed", range(20))
def test_whenever_a_backup_is_restored_nothing_is_posted_twice_and_no_number_given_twice(path, tmp_path, seed):
    chance, sent, numbers, now = random.Random(seed), [], [], NOON
    backup, schedule_numbers = tmp_path / "backup.db", []
    for step in range(12):
        with Database(path) as database:
            if chance.random() < 0.5:
                schedule_numbers.append(scheduled(database, now).number)
            numbers.append(Comparisons(database).add(asked(), now).number)
            posted(database, now, sent)
            if step == 0 or chance.random() < 0.3:
                backup.unlink(missing_ok=True)
                database.backup(backup)
        now += chance.random() * DAY
        if chance.random() < 0.4:
            put_back(path, backup, now)
    assert len(sent) == len(set(sent))
    assert len(numbers) == len(set(numbers))
    assert len(schedule_numbers) == len(set(schedule_numbers))


def test_whoever_was_erased_since_is_erased_from_the_backup_and_whoever_came_back_before_it_is_not(path, tmp_path):
    backup = tmp_path / "backup.db"
    with Database(path) as database:
        answers, retention = Comparisons(database), Retention(database)
        for user in ("U0ADA", "U0BEN", "U0GIA"):
            answers.add(asked(user_id=user), NOON)
        retention.erase_person("T1", "U0GIA")
        answers.add(asked(user_id="U0GIA"), NOON)
        answers.add(asked(team_id="T2", user_id="U0ADA"), NOON)
        database.backup(backup)
        retention.erase_person("T1", "U0ADA")
        retention.erase_team("T2")
    put_back(path, backup, NOON + DAY)
    with Database(path) as database:
        kept = {
            user: Personal(database).counts("T1", user).get("comparisons", 0) for user in ("U0ADA", "U0BEN", "U0GIA")
        }
        assert kept == {"U0ADA": 0, "U0BEN": 1, "U0GIA": 1}
        assert "comparisons" not in Personal(database).counts("T2")
    assert b"U0ADA" not in path.read_bytes()


@pytest.mark.parametrize("lost", [True, False])
def test_where_the_replaced_database_is_lost_or_of_another_history_what_was_due_is_looked_up_first(
    path, tmp_path, lost
):
    backup, nine = tmp_path / "backup.db", NOON.replace(hour=9) + DAY
    with Database(path) as database:
        schedule = scheduled(database, NOON)
        Comparisons(database).add(asked(), NOON)
        database.backup(backup)
    if not lost:
        path.unlink()
        Database(path).close()
    put_back(path, backup, nine + timedelta(minutes=5), lost=lost)
    with Database(path) as database:
        assert Workspaces(database).get("", UNSURE)
        Schedules(database).claim_due("T1", nine + timedelta(minutes=6), daily, missed)
        [run] = Posts(database).of_schedule(schedule.id)
        assert run.state == "sending", "it may have been posted"
        assert Comparisons(database).add(asked(), NOON).number == 1 + GAP + 1
        Schedules(database).claim_due("T1", nine + DAY, daily, missed)
        assert Posts(database).of_schedule(schedule.id)[0].state == "due"


def test_what_restores_have_kept_is_listed_with_its_logs(path, tmp_path):
    backup = tmp_path / "backup.db"
    with Database(path) as database:
        database.backup(backup)
    assert backups.left_by_restore(path) == []
    put_back(path, backup, NOON)
    put_back(path, backup, NOON)
    assert {"bot.db.before-restore-1", "bot.db.before-restore-2"} <= {one.name for one in backups.left_by_restore(path)}
