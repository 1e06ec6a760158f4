"""The hourly look: new prices reach the plans that follow them, and alerts are told once, when and where they may be."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from bot.access.people import Strangers
from bot.background.hourly import HELD, LOOKS, HourlyLook
from bot.books.status import EVERY
from bot.desk.asker import Asker
from bot.workspace.models import TEAM_ID
from calculator.spending.usage import UsageHour, hour_of
from storage.accepted import AcceptedBook, NewAccepted
from storage.errors import DatabaseLocked
from storage.rates import NewRate, RateBook
from storage.usage import HOURLY_DAYS, UsageBook
from tests.bot.background.clockwork import ADA, BEN, COSTS, Clockwork, clockwork, connect

GENERAL, PRIVATE = "C0GENERAL1", "C0PRIVATE1"
MIDNIGHT = datetime(2026, 11, 2, tzinfo=UTC)
"""A Monday, in a month that has just begun."""
BOT = "7B on 1xL4 $1/h 1000/h"
"""A dollar an hour, and twenty-four a day."""


class Admins(Strangers):
    """Everyone is an admin in Berlin."""

    def is_admin(self, user_id: str) -> bool:
        return True

    def zone(self, user_id: str) -> str:
        return "Europe/Berlin"


@pytest.fixture
def place(tmp_path) -> Iterator[Clockwork]:
    with clockwork(tmp_path, starts_at=MIDNIGHT) as here:
        here.service._desks.people = Admins()
        yield here


def alerts(place: Clockwork, channel: str = COSTS) -> list[str]:
    return [one.text for one in place.sent(channel) if "alert" in one.body["metadata"]["event_payload"]["name"]]


def hours(place: Clockwork, count: int) -> None:
    for _ in range(count):
        place.move(hours=1)


def expensive(place: Clockwork, budget: str = "$100 a month", user: str = ADA, channel: str = COSTS) -> None:
    """A deployment that will cost some seven hundred dollars in the month."""
    asker = Asker(team_id=TEAM_ID, user_id=user, channel_id=channel)
    assert "is tracked" in str(place.service.reply(f"track bot: {BOT}, budget {budget}", asker).blocks)


def test_what_goes_over_its_budget_is_told_once_a_step_in_the_channel_where_it_was_tracked(place):
    expensive(place)
    hours(place, 120)
    told = alerts(place)
    assert [word for one in told for word in ("on its way", "used 50 %", "used 80 %", "used 100 %") if word in one] == [
        "on its way",
        "used 50 %",
        "used 80 %",
        "used 100 %",
    ]
    assert len(told) == 4
    assert not place.told()


def test_several_steps_at_once_are_one_alert(place):
    """A budget that is set when it is used up already."""
    expensive(place, "$100000 a month")
    hours(place, 100)
    assert not alerts(place)
    place.say("deployment bot budget $20 a month")
    hours(place, 2)
    assert len([one for one in alerts(place) if "has used" in one]) == 1


def test_a_new_month_has_a_budget_of_its_own(place):
    expensive(place, "$700 a month")
    place.until(datetime(2026, 12, 1, 1, tzinfo=UTC))
    november = len(alerts(place))
    hours(place, 24)
    assert not [one for one in alerts(place)[november:] if "has used" in one]
    place.until(datetime(2026, 12, 17, tzinfo=UTC))
    assert [one for one in alerts(place) if "used 5" in one and "2026-12" in one]


def test_what_moves_around_a_threshold_is_told_once_until_it_was_well_below(place):
    """On its way over the budget, then just under it, then over it again; then well below, and over it again."""
    expensive(place, "$690 a month")
    hours(place, 1)
    assert len(alerts(place)) == 1
    for budget, told in (("$705", 1), ("$690", 1), ("$1000", 1), ("$690", 2)):
        place.say(f"deployment bot budget {budget} a month")
        hours(place, 1)
        assert len(alerts(place)) == told, budget


def test_two_processes_tell_once(place):
    expensive(place)
    other = connect(place.workspace, place.database)
    for _ in range(55):
        place.move(hours=1)
        other.clock.tick()
    assert len(alerts(place)) == len(set(alerts(place))) == 2


def test_one_process_looks_once_an_hour_and_another_not_at_all_meanwhile(place):
    one, two = (HourlyLook(place.database, TEAM_ID, place.workspace.now) for _ in range(2))
    place.pass_(hours=1)
    looks = []
    for hourly in (one, two):
        hourly._raise = lambda *_: looks.append(1) or 0
    for _ in range(24):
        one.run_once()
        two.run_once()
        place.pass_(minutes=5)
    assert len(looks) == 3, "at 0, 55 and 110 minutes"


def test_a_look_that_fails_or_is_killed_is_repeated_after_ten_minutes_and_not_an_hour_later(place, monkeypatch):
    """The hour was marked as looked at before the look began."""
    expensive(place)
    place.pass_(hours=1)

    def locked(*_: object) -> int:
        raise DatabaseLocked(place.database.path)

    monkeypatch.setattr(HourlyLook, "_put_away", locked)
    place.clock.tick()
    monkeypatch.undo()
    place.move(seconds=HELD.total_seconds() - 1)
    assert not alerts(place)
    place.move(seconds=1)
    assert len(alerts(place)) == 1
    assert HELD < EVERY


@pytest.mark.parametrize(
    ("quiet", "start", "raised", "told"),
    [
        ("20:00-07:00 UTC", datetime(2026, 11, 2, 21, tzinfo=UTC), 22, datetime(2026, 11, 3, 7, tzinfo=UTC)),
        ("00:00-07:30 UTC", datetime(2026, 11, 3, 1, tzinfo=UTC), 2, datetime(2026, 11, 3, 7, 30, tzinfo=UTC)),
        (
            "22:00-07:00 Europe/Berlin",
            datetime(2026, 3, 28, 21, 30, tzinfo=UTC),
            22,
            datetime(2026, 3, 29, 5, tzinfo=UTC),
        ),
        (
            "22:00-07:00 Europe/Berlin",
            datetime(2026, 10, 24, 20, 30, tzinfo=UTC),
            21,
            datetime(2026, 10, 25, 6, tzinfo=UTC),
        ),
        ("22:00-02:30 new york", datetime(2026, 3, 8, 4, tzinfo=UTC), 5, datetime(2026, 3, 8, 7, 30, tzinfo=UTC)),
    ],
)
def test_quiet_hours_hold_an_alert_back_until_they_end_also_across_midnight_and_a_change_of_clocks(
    tmp_path, quiet, start, raised, told
):
    with clockwork(tmp_path, starts_at=start) as place:
        place.say(f"alerts quiet {quiet}")
        expensive(place, "$20 a month")
        place.move(minutes=60)
        assert place.states("alert") == ["due"]
        assert place.rows("alert")[0].due_at.hour == raised
        place.until(told - timedelta(seconds=1))
        assert not alerts(place)
        place.until(told)
        assert len(alerts(place)) >= 1
        assert "Held back until the quiet hours were over." in place.sent()[0].words


def test_outside_quiet_hours_an_alert_is_told_at_once(place):
    place.say("alerts quiet 20:00-07:00 UTC")
    place.until(MIDNIGHT.replace(hour=12))
    expensive(place)
    hours(place, 1)
    assert len(alerts(place)) == 1
    assert "Held back" not in place.sent()[0].words


def test_an_alert_is_never_held_back_into_the_past(tmp_path):
    """Where clocks go back within the quiet hours, their end comes twice."""
    with clockwork(tmp_path, starts_at=datetime(2026, 11, 1, 5, tzinfo=UTC)) as place:
        place.say("alerts quiet 22:00-01:30 new york")
        expensive(place)
        place.move(minutes=70)
        assert place.states("alert") == ["sent"]
        assert place.rows("alert")[0].not_before >= place.rows("alert")[0].due_at


def test_a_channel_that_is_not_allowed_gets_no_alert_and_the_owner_does(place):
    expensive(place, user=BEN)
    place.say(f"channels allow <#{GENERAL}>")
    hours(place, 1)
    assert not alerts(place)
    [told] = place.told(BEN)
    assert "is on its way to" in told.text
    assert not place.told(ADA)
    assert not place.sent(GENERAL)


def test_what_is_tracked_in_private_is_told_there_alone(place):
    expensive(place, channel=PRIVATE)
    hours(place, 1)
    assert len(alerts(place, PRIVATE)) == 1
    assert not place.sent()


def test_what_is_paused_or_retired_is_not_watched(place):
    expensive(place)
    place.say("deployment bot pause")
    hours(place, 30)
    assert not alerts(place)
    place.say("deployment bot retire yes")
    hours(place, 3)
    assert not alerts(place)


def track_two(place: Clockwork) -> None:
    place.say("track floating: 7B on 1xL4 1000/h")
    place.say("track pinned: 7B on 1xL4 1000/h, pinned")


def prices(place: Clockwork) -> dict[str, list[tuple[str, str]]]:
    """The price of each plan of each deployment, and why it is so."""
    desk = place.service.desk(Asker(team_id=TEAM_ID, user_id=ADA, channel_id=COSTS))
    return {
        one.name: [(stretch.why, f"{stretch.terms.usd_per_gpu_hour:f}") for stretch in desk.deployments.plan(one)]
        for one in desk.deployments.all()
    }


def test_a_price_of_the_team_reaches_the_plans_that_follow_the_price_book_and_the_next_summary(place):
    place.say("prices set L4 $0.80/h")
    track_two(place)
    place.schedule("daily 09:00 UTC")
    hours(place, 3)
    assert prices(place) == {"floating": [("tracked", "0.8")], "pinned": [("tracked", "0.8")]}
    place.say("prices set L4 $0.50/h")
    hours(place, 2)
    assert prices(place) == {"floating": [("tracked", "0.8"), ("price", "0.5")], "pinned": [("tracked", "0.8")]}
    place.until(MIDNIGHT.replace(hour=9))
    [summary] = place.sent()
    [line] = [one for one in summary.words.splitlines() if "New prices" in one]
    assert all(word in line for word in ("floating $0.8", "$0.5", "2026-11-02"))
    assert "pinned" not in line
    place.until(MIDNIGHT.replace(day=3, hour=9))
    assert "New prices" not in place.sent()[1].words


def test_a_price_that_stays_the_same_makes_no_new_plan(place):
    place.say("prices set L4 $0.80/h")
    track_two(place)
    hours(place, 30)
    assert [len(plans) for plans in prices(place).values()] == [1, 1]


def test_a_price_that_ends_brings_the_public_one_back(place):
    public = place.say("track bot: 7B on 1xL4 1000/h") and prices(place)["bot"][0][1]
    place.say("prices set L4 $0.10/h")
    hours(place, 1)
    place.say("prices remove 1 yes")
    hours(place, 1)
    assert [price for _, price in prices(place)["bot"]] == [public, "0.1", public]


def test_the_price_of_another_workspace_changes_nothing_here(place):
    track_two(place)
    RateBook(place.database).set("T0ELSEWHERE", "U9", NewRate("l4", "", Decimal("0.01"), ""), place.workspace.now())
    hours(place, 2)
    assert [len(plans) for plans in prices(place).values()] == [1, 1]


def test_a_deployment_that_is_not_understood_any_more_keeps_its_price_and_stops_no_other(place):
    track_two(place)
    with place.database.transaction() as connection:
        connection.execute("UPDATE deployments SET spelled_out = '7B on Abacus', pinned = 0 WHERE name = 'pinned'")
    place.say("prices set L4 $0.50/h")
    hours(place, 1)
    assert [len(plans) for plans in prices(place).values()] == [2, 1]


def test_old_usage_is_rolled_up_and_old_posts_are_purged(place):
    track_two(place)
    book, old = UsageBook(place.database), hour_of(MIDNIGHT) - HOURLY_DAYS * 24 - 48
    book.put(1, [UsageHour(hour=old + number, requests=10) for number in range(24)], "csv")
    place.say("schedule daily 09:00 UTC")
    hours(place, LOOKS + 9)
    assert book.hours(1, MIDNIGHT - timedelta(days=60), MIDNIGHT) == ()
    posted = len(place.rows())
    place.say("schedule 1 pause")
    place.move(days=401)
    assert len(place.rows()) == posted, "a moment's time removes nothing"
    hours(place, LOOKS * 2)
    assert place.rows() == []


SCENARIO = "scenario save chat: compare 7B on L4 cloud vs 7B on A10 cloud, 500 tokens, 1000 req/h, within 20s"


def scenario_news(place: Clockwork, channel: str = COSTS) -> list[str]:
    return [
        one.text for one in place.sent(channel) if one.body["metadata"]["event_payload"]["name"].startswith("scenario")
    ]


def test_a_saved_scenario_that_comes_out_differently_at_a_new_price_is_told_once_in_its_channel(place):
    asker = Asker(team_id=TEAM_ID, user_id=ADA, channel_id=COSTS)
    saved = str(place.service.reply(SCENARIO, asker).blocks)
    loser = "L4" if "A10" in saved.split("Take")[1].split("meets", maxsplit=1)[0] else "A10"
    hours(place, 3)
    assert scenario_news(place) == []
    place.service.reply(f"prices set {loser} $0.01/h", asker)
    hours(place, 3)
    [told] = scenario_news(place)
    assert "comes out differently" in told
    assert loser in told
    assert "nothing changed" in str(place.service.reply("scenario chat", asker).blocks).lower()


def test_a_new_price_that_changes_no_decision_tells_nothing_until_one_asks(place):
    asker = Asker(team_id=TEAM_ID, user_id=ADA, channel_id=COSTS)
    place.service.reply(SCENARIO, asker)
    place.service.reply("prices set H100 $0.01/h", asker)
    hours(place, 3)
    assert scenario_news(place) == []


@pytest.mark.parametrize("team", [TEAM_ID, "T0OTHER"])
def test_a_question_that_nobody_answered_is_forgotten_whatever_workspace_it_came_from(place, team):
    book = AcceptedBook(place.database)
    book.take(NewAccepted(id="Ev1", team_id=team, user_id="U1", channel_id="C1", text="help"), place.workspace.now())
    hours(place, 47)
    with place.database.read() as connection:
        assert connection.execute("SELECT count(*) FROM accepted").fetchone()[0] == 1
    hours(place, LOOKS * 2)
    with place.database.read() as connection:
        assert connection.execute("SELECT count(*) FROM accepted").fetchone()[0] == 0
