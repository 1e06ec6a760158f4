"""A restored backup does not forget: nothing is posted twice, nobody erased comes back, no number is given twice."""

import random
from datetime import timedelta

import pytest

from storage import backups
from storage.alerts import Alerts
from storage.carrying_over import GAP, carry_over
from storage.comparisons import Comparisons
from storage.database import Database
from storage.deployments import Deployments
from storage.moments import to_text
from storage.personal import Personal
from storage.posts import NewPost, Posts
from storage.retention import Retention
from storage.schedules import NewSchedule, Runs, Schedules
from storage.workspaces import UNSURE, Workspaces
from tests.storage.samples import NOON, asked
from tests.storage.tracked import new_deployment, ready, terms

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


def counts(path, team="T1", user=""):
    with Database(path) as database:
        return Personal(database).counts(team, user)


@pytest.mark.parametrize("whole", [False, True], ids=["a person", "a workspace"])
def test_an_erasure_that_took_a_schedule_with_it_is_done_again(path, tmp_path, whole):
    backup = tmp_path / "backup.db"
    with Database(path) as database:
        Comparisons(database).add(asked(user_id="U0ADA"), NOON)
        new = NewSchedule(team_id="T1", user_id="U0ADA", channel_id="U0ADA", private=True, spec="daily")
        Schedules(database).add(new, NOON + DAY, NOON)
        database.backup(backup)
        Retention(database).erase_team("T1") if whole else Retention(database).erase_person("T1", "U0ADA")
    put_back(path, backup, NOON + DAY)
    assert not {"comparisons", "schedules"} & set(counts(path))


def test_an_erasure_is_done_again_in_an_older_backup_that_is_restored_after_another(path, tmp_path):
    without, with_her = tmp_path / "without.db", tmp_path / "with.db"
    with Database(path) as database:
        database.backup(without)
        Comparisons(database).add(asked(user_id="U0ADA"), NOON)
        database.backup(with_her)
        Retention(database).erase_person("T1", "U0ADA")
    put_back(path, without, NOON + DAY)
    put_back(path, with_her, NOON + DAY)
    assert "comparisons" not in counts(path)


def test_what_was_open_at_a_backup_may_have_been_posted_and_stays_so_over_a_second_restore(path, tmp_path):
    backup = tmp_path / "backup.db"
    with Database(path) as database:
        post = missed(None, NOON, None)
        Posts(database).add(post, NOON)
        database.backup(backup)
    put_back(path, backup, NOON + DAY, lost=True)
    put_back(path, backup, NOON + 2 * DAY)
    with Database(path) as database:
        assert Workspaces(database).get("", UNSURE).startswith(f"{NOON + DAY:%Y-%m-%d}")
        assert Posts(database).take("T1", NOON + 2 * DAY) is None
        doubtful = Posts(database).take_lapsed("T1", NOON + 2 * DAY)
        assert (doubtful.name, doubtful.sending_at) == (post.name, NOON), "with a moment around which to look it up"


def test_alerts_that_were_raised_are_not_raised_again_and_nobody_is_told_of_a_run_that_was_posted(path, tmp_path):
    backup, nine = tmp_path / "backup.db", NOON.replace(hour=9) + DAY
    with Database(path) as database:
        ids = [Deployments(database).add(new_deployment(), terms(), NOON, NOON).id]
        scheduled(database, NOON)
        database.backup(backup)
        with database.transaction() as connection:
            connection.execute("INSERT INTO alarms VALUES (?, 'budget', '2026-11', ?, NULL)", (ids[0], to_text(NOON)))
        posted(database, nine, sent := [])
    put_back(path, backup, nine + timedelta(hours=7))
    with Database(path) as database:
        assert len(Alerts(database).raised(ids)[ids[0]]) == 1
        assert posted(database, nine + timedelta(hours=7), list(sent)) == sent


def test_the_clock_of_the_backups_time_is_forgotten(path, tmp_path):
    backup = tmp_path / "backup.db"
    with Database(path) as database:
        Workspaces(database).set("", "newest time", to_text(NOON - 9 * DAY))
        database.backup(backup)
    put_back(path, backup, NOON)
    with Database(path) as database:
        assert Workspaces(database).get("", "newest time") is None


@pytest.mark.parametrize("change", ["ALTER TABLE posts ADD COLUMN more TEXT", "DROP TABLE erasures"])
def test_over_a_database_of_another_version_a_backup_is_restored_all_the_same(path, tmp_path, change):
    backup = tmp_path / "backup.db"
    with Database(path) as database:
        scheduled(database, NOON)
        database.backup(backup)
        posted(database, NOON + DAY, [])
        with database.transaction() as connection:
            connection.execute(change)
    put_back(path, backup, NOON + DAY)
    with Database(path) as database:
        assert database.check() == ()


def test_numbers_are_left_out_where_nobody_knows_which_were_given(path, tmp_path):
    backup = tmp_path / "backup.db"
    with Database(path) as database:
        Comparisons(database).add(asked(), NOON)
        scheduled(database, NOON)
        database.backup(backup)
    path.unlink()
    Database(path).close()
    put_back(path, backup, NOON)
    with Database(path) as database:
        assert Comparisons(database).add(asked(), NOON).number == GAP + 2
        assert scheduled(database, NOON).number == GAP + 2
