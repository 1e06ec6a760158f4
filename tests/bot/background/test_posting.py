"""Every way in which a post can end, against a workspace that does to it what Slack does: nothing lost, nothing doubled."""

import itertools
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import pytest

from bot.access.people import Strangers
from bot.background.clock import runs
from bot.background.posting import _retry_after
from bot.bootstrap import Bot
from bot.desk.asker import Asker
from bot.settings import Settings
from bot.workspace import Workspace
from bot.workspace.client import WorkspaceClient
from bot.workspace.models import TEAM_ID
from storage.database import Database
from storage.errors import DatabaseLocked
from storage.posts import LEASE, NewPost, insert
from tests.bot.background.clockwork import ADA, BEN, COSTS, START, Clockwork, clockwork, connect, manifest
from tests.storage.fresh import fresh

POST = "chat.postMessage"
GENERAL = "C0GENERAL1"


@pytest.fixture
def seeing(tmp_path) -> Iterator[Clockwork]:
    """The bot may read channels."""
    with clockwork(tmp_path) as place:
        yield place


@pytest.fixture
def blind(tmp_path) -> Iterator[Clockwork]:
    """The bot may not read channels, as its manifest has it."""
    with clockwork(tmp_path, history=False) as place:
        yield place


@pytest.fixture(params=["seeing", "blind"])
def any_place(request) -> Clockwork:
    return request.getfixturevalue(request.param)


def settle(place: Clockwork, minutes: int = 30) -> None:
    """Half an hour in which the clock ticks every minute."""
    for _ in range(minutes):
        place.move(minutes=1)


def claim(place: Clockwork, now: datetime) -> None:
    """Record what is due, and do no more."""
    place.clock.tables.schedules.claim_due(TEAM_ID, now, runs, place.clock._missed)


def track(place: Clockwork) -> None:
    place.say("track bot: 7B on 2xL4 cloud aws 1000/h")
    place.pass_(seconds=1)


def alert(place: Clockwork, channel: str = COSTS, **changes: object) -> None:
    """Something raised about a deployment."""
    values = {
        "team_id": TEAM_ID,
        "name": "alert 1",
        "kind": "alert",
        "channel_id": channel,
        "user_id": ADA,
        "due_at": place.workspace.now(),
        "message": {"text": "bot is over its budget.", "blocks": []},
    } | changes
    place.posts.add(NewPost.model_validate(values), place.workspace.now())


def test_a_summary_that_is_due_is_sent_once_with_its_mark(any_place):
    track(any_place)
    any_place.schedule()
    any_place.move(minutes=10)
    settle(any_place)
    [message] = any_place.sent()
    assert "Model costs" in message.text
    assert message.body["metadata"] == {
        "event_type": "inference_post",
        "event_payload": {"post": 1, "name": "summary 1 2026-11-24T09:00:00.000000+00:00"},
    }
    assert any_place.states() == ["sent"]
    assert any_place.rows()[0].ts == message.ts


def test_a_busy_slack_is_left_alone_for_as_long_as_it_says(any_place):
    any_place.schedule()
    any_place.client.fault(POST, "ratelimited", retry_after=90)
    any_place.move(minutes=10)
    any_place.move(seconds=89)
    assert len(any_place.requests()) == 1
    any_place.move(seconds=1)
    assert len(any_place.requests()) == 2
    assert any_place.states() == ["sent"]


def test_a_busy_slack_in_the_middle_of_refusals_does_not_count_as_one(seeing):
    """Each request counted as a refusal, so a schedule was paused at the first refusal after two rate limits."""
    seeing.schedule()
    for kind in ("ratelimited", "ratelimited", "error"):
        seeing.client.fault(POST, kind, error="not_in_channel")
    seeing.move(minutes=10)
    settle(seeing)
    assert seeing.states() == ["sent"]
    assert not seeing.stored(1).paused


@pytest.mark.parametrize("kind", ["server_error", "error", "timeout"])
def test_what_slack_failed_at_is_looked_up_and_posted_once_more_where_it_is_not_there(seeing, kind):
    seeing.schedule()
    seeing.clock.poster.client.timeout = 0.2
    seeing.client.fault(POST, kind, error="internal_error", seconds=0.5)
    seeing.move(minutes=10)
    assert seeing.states() == ["sending"]
    settle(seeing, 5)
    assert seeing.states() == ["sent"]
    assert len(seeing.sent()) == 1
    assert not seeing.told()


def test_what_arrived_though_its_reply_was_lost_is_found_and_not_posted_again(seeing):
    seeing.schedule()
    seeing.client.fault(POST, "lost_reply")
    seeing.move(minutes=10)
    settle(seeing, 5)
    assert len(seeing.requests()) == 1
    assert seeing.states() == ["sent"]
    assert seeing.rows()[0].ts == seeing.sent()[0].ts


def test_what_arrived_is_found_among_hundreds_of_later_messages(seeing):
    seeing.schedule()
    seeing.client.fault(POST, "lost_reply")
    seeing.move(minutes=10)
    for _ in range(450):
        seeing.clock.poster.client.chat_postMessage(channel=COSTS, text="chatter")
    settle(seeing, 5)
    assert seeing.states() == ["sent"]
    assert len([one for one in seeing.sent() if one.body["metadata"]]) == 1


def test_a_channel_in_which_too_much_was_written_to_find_anything_is_given_up_and_told(seeing, monkeypatch):
    """The post was looked for every thirty seconds for ever."""
    monkeypatch.setattr("bot.background.post_lookup.PAGES", 1)
    seeing.schedule()
    seeing.client.fault(POST, "lost_reply")
    seeing.move(minutes=10)
    for _ in range(201):
        seeing.clock.poster.client.chat_postMessage(channel=COSTS, text="chatter")
    settle(seeing, 5)
    assert seeing.states() == ["unsettled"]
    assert "too much was written" in seeing.told()[0].words


def test_a_busy_channel_is_still_searched_days_later_around_the_time_of_the_post(seeing):
    seeing.schedule()
    seeing.client.fault(POST, "lost_reply")
    seeing.move(minutes=10)
    seeing.pass_(hours=1, minutes=1)
    for _ in range(205):
        seeing.clock.poster.client.chat_postMessage(channel=COSTS, text="chatter")
    seeing.move(days=2)
    assert seeing.rows()[0].state == "sent"
    assert len(seeing.requests("conversations.history")) == 1


def test_a_look_that_fails_is_repeated_but_not_for_ever(seeing):
    """A history that always failed was asked every thirty seconds, and the owner never told."""
    seeing.schedule()
    seeing.client.fault(POST, "lost_reply")
    seeing.move(minutes=10)
    seeing.client.fault("conversations.history", "server_error", times=2)
    settle(seeing, 3)
    assert seeing.states() == ["sent"]
    seeing.say("schedule 1 run")
    seeing.client.fault(POST, "lost_reply")
    seeing.client.fault("conversations.history", "server_error", times=10_000)
    seeing.clock.tick()
    for _ in range(80):
        seeing.move(minutes=5)
    assert seeing.states() == ["sent", "unsettled"]
    assert "may not have arrived" in seeing.told()[0].words


@pytest.mark.parametrize("kind", ["server_error", "lost_reply", "error", "timeout"])
def test_where_channels_cannot_be_read_a_doubtful_summary_is_left_and_its_owner_told_once(blind, kind):
    blind.schedule(user=BEN)
    blind.clock.poster.client.timeout = 0.2
    blind.client.fault(POST, kind, error="internal_error", seconds=0.5)
    blind.move(minutes=10)
    settle(blind)
    assert blind.states() == ["unsettled"]
    assert len(blind.sent()) == (1 if kind == "lost_reply" else 0)
    [notice] = blind.told(BEN)
    assert "may not have arrived" in notice.words
    assert notice.buttons == ["Post it again"]
    assert not blind.told(ADA)
    assert "may not have been posted" in str(blind.say("schedules").blocks)


def test_an_unsettled_summary_is_posted_again_on_command_by_its_owner_alone_and_once(blind):
    blind.schedule(user=BEN)
    blind.client.fault(POST, "server_error")
    blind.move(minutes=10)
    settle(blind, 3)
    assert "no such post" in str(blind.say("repost 99").blocks)
    assert "being posted again" in blind.say("repost 1", BEN).text
    blind.move(minutes=1)
    assert len(blind.sent()) == 1
    assert "settled already" in str(blind.say("repost 1", BEN).blocks)
    settle(blind)
    assert blind.states() == ["sent"]
    assert len(blind.sent()) == 1


def test_someone_elses_post_is_not_posted_again(blind):
    blind.schedule()
    blind.client.fault(POST, "server_error")
    blind.move(minutes=10)
    settle(blind, 3)
    assert "belongs to someone else" in str(blind.say("repost 1", BEN).blocks)
    assert blind.states() == ["unsettled"]


def test_what_is_posted_again_and_lost_again_is_told_again(blind):
    """The second notice had the first one's name, so it was never recorded."""
    blind.schedule()
    for _ in range(2):
        blind.client.fault(POST, "server_error")
        blind.clock.tick() if blind.rows() else blind.move(minutes=10)
        settle(blind, 3)
        assert blind.states() == ["unsettled"]
        blind.say("repost 1")
    assert len(blind.told()) == 2


def test_a_summary_wanted_again_long_after_is_posted_even_where_slack_is_busy_first(blind):
    """One rate limit made it too late at once, since it was due more than six hours ago."""
    track(blind)
    blind.schedule("every tuesday 09:00 UTC")
    blind.client.fault(POST, "server_error")
    blind.move(minutes=10)
    settle(blind, 3)
    blind.pass_(days=3)
    blind.say("repost 1")
    blind.client.fault(POST, "ratelimited")
    settle(blind, 3)
    assert blind.states() == ["sent"]
    [message] = blind.sent()
    assert "Posted late: it was due 2026-11-24 09:00 UTC" in message.words
    assert "Tue 24 Nov 2026 09:00" in message.words


def test_a_notice_that_may_not_have_arrived_is_repeated_since_nobody_else_tells(blind):
    """It was given up like a summary, and then nobody knew of either."""
    blind.schedule()
    blind.client.fault(POST, "server_error", times=2)
    blind.move(minutes=10)
    settle(blind)
    assert blind.states() == ["unsettled"]
    assert len(blind.told()) == 1


def test_the_button_of_the_notice_posts_it_again(tmp_path):
    with (
        Workspace(manifest(history=False), frozen_clock=True, starts_at=START) as workspace,
        fresh(tmp_path / "a.db") as database,
    ):
        place = connect(workspace, database)
        place.schedule()
        place.client.fault(POST, "server_error")
        place.move(minutes=10)
        settle(place, 3)
        settings = Settings.model_validate(
            {
                "slack_api_url": place.workspace.api_url,
                "slack_bot_token": place.workspace.bot_token,
                "slack_app_token": place.workspace.app_token,
                "database_path": place.database.path,
            }
        )
        bot = Bot(settings, place.workspace.now)
        bot.start()
        client = WorkspaceClient(place.workspace.url)
        client.wait_until_connected()
        ada = client.person()
        notice = ada.messages("@app")[-1]
        ada.click(notice, "Post it again")
        ada.wait_for_message("@app", containing="being posted again")
        place.move(minutes=1)
        client.wait_until(lambda _: place.states() == ["sent"])
        assert len(place.sent()) == 1
    bot.stop()


def test_the_first_doubtful_post_holds_the_others_back_until_slack_works(blind):
    """In an hour of errors each of two hundred summaries was sent once into the void, and each was to be posted by hand."""
    for minute in range(20):
        blind.schedule(f"daily 09:{minute:02} UTC", channel=GENERAL if minute % 2 else COSTS)
    blind.client.fault("*", "server_error", times=10_000)
    blind.move(minutes=10)
    settle(blind, 60)
    blind.client.clear_faults()
    settle(blind, 30)
    states = blind.states()
    assert states.count("unsettled") < 16
    assert states.count("sent") == 20 - states.count("unsettled")
    assert len(blind.sent()) + len(blind.sent(GENERAL)) == states.count("sent")
    assert len([one for one in blind.told() if "may not have arrived" in one.words]) == states.count("unsettled")


def test_a_connection_that_is_refused_took_nothing_and_the_summary_goes_out_when_slack_is_back(tmp_path):
    """Here the bot may not read the channel, and yet nothing is in doubt."""
    with (
        Workspace(manifest(history=False), frozen_clock=True, starts_at=START) as workspace,
        fresh(tmp_path / "a.db") as database,
    ):
        place = connect(workspace, database)
        place.schedule()
        workspace._port = urlsplit(workspace.url).port
        workspace.stop()
        place.move(minutes=10)
        settle(place, 20)
        assert place.states() == ["due"]
        workspace.start()
        settle(place, 10)
        assert place.states() == ["sent"]
        assert len(place.sent()) == 1
        assert not place.told()


@pytest.mark.parametrize("address", ["http://no-such-host.invalid/api/", "https://127.0.0.1:1/api/"])
def test_an_address_that_cannot_be_found_or_reached_took_nothing(blind, address):
    """Only a refused connection counted so: where the network was down, every summary was given up as doubtful."""
    blind.schedule()
    right = blind.clock.poster.client.base_url
    blind.clock.poster.client.base_url = address
    blind.move(minutes=10)
    assert blind.states() == ["due"]
    blind.clock.poster.client.base_url = right
    settle(blind, 10)
    assert blind.states() == ["sent"]


@pytest.mark.parametrize(
    "reason",
    ["is_archived", "not_in_channel", "channel_not_found", "account_inactive", "token_revoked", "restricted_action"],
)
def test_after_three_refusals_the_schedule_is_paused_and_its_owner_told_and_resume_brings_it_back(any_place, reason):
    place = any_place
    place.schedule("daily 09:00 UTC", user=BEN)
    place.client.fault(POST, "error", error=reason, times=3)
    place.move(minutes=10)
    place.move(seconds=59)
    assert len(place.requests()) == 1
    place.move(seconds=1)
    place.move(minutes=9, seconds=59)
    assert len(place.requests()) == 2
    assert place.states() == ["due"]
    place.move(seconds=1)
    assert place.states() == ["failed"]
    assert place.stored(1).paused
    assert place.stored(1).paused_why == reason
    settle(place, 3)
    [notice] = place.told(BEN)
    assert "Schedule 1 is paused" in notice.text
    assert notice.buttons == ["Resume", "Show it"]
    place.move(days=1)
    assert not place.sent()
    assert "runs again" in place.say("schedule 1 resume", BEN).text
    place.move(days=1)
    assert len(place.sent()) == 1
    assert place.states() == ["failed", "sent"]
    assert place.say("repost 1", BEN).text.startswith("It is being posted again")
    settle(place, 1)
    assert len(place.sent()) == 2


def test_an_archived_channel_a_missing_membership_and_a_closed_channel_are_refusals_of_the_real_kind(seeing):
    for channel in ("C0ARCHIVED", "C0PRIVATE2", "C0NOWHERE1"):
        seeing.schedule(channel=channel)
    for _ in range(4):
        seeing.move(minutes=10)
    assert [seeing.stored(number).paused_why for number in (1, 2, 3)] == [
        "is_archived",
        "channel_not_found",
        "channel_not_found",
    ]
    assert len(seeing.told()) == 3


def test_a_revoked_token_is_told_when_there_is_a_new_one(seeing):
    """The notice was refused three times like the summary, so nobody was ever told."""
    seeing.schedule()
    seeing.client.fault("*", "error", error="token_revoked", times=10_000)
    for _ in range(60):
        seeing.move(minutes=30)
    assert seeing.stored(1).paused
    assert not seeing.told()
    seeing.client.clear_faults()
    seeing.move(hours=1)
    assert "Schedule 1 is paused" in seeing.told()[0].text


def test_a_kill_between_the_third_refusal_and_its_consequences_loses_none_of_them(seeing, monkeypatch):
    """The post was failed first and the schedule paused after, in two transactions: killed between, nobody was told."""
    seeing.schedule()
    seeing.client.fault(POST, "error", error="is_archived", times=3)
    monkeypatch.setattr("storage.posts.insert", insert_or_die)
    seeing.move(minutes=10)
    for _ in range(60):
        try:
            seeing.move(minutes=1)
        except Killed:
            monkeypatch.undo()
            assert seeing.states() == ["sending"]
            assert not seeing.stored(1).paused
            seeing.client.fault(POST, "error", error="is_archived", times=1)
    assert seeing.states() == ["failed"]
    assert seeing.stored(1).paused
    assert len(seeing.told()) == 1


class Killed(BaseException):
    """What ends a process."""


def insert_or_die(connection, new, now, state):
    """A process that is killed when it records a notice."""
    if new.kind == "notice":
        raise Killed
    return insert(connection, new, now, state)


def test_a_refused_alert_goes_to_its_owner(seeing):
    """It was dropped, and nobody knew."""
    alert(seeing, channel="C0ARCHIVED")
    settle(seeing, 15)
    assert seeing.states("alert") == ["failed"]
    [notice] = seeing.told()
    assert "bot is over its budget." in notice.words
    assert "the channel is archived" in notice.words


def test_refused_blocks_are_sent_plainly_at_once_and_the_workspace_is_remembered(seeing):
    track(seeing)
    seeing.schedule()
    seeing.client.fault(POST, "error", error="invalid_blocks")
    seeing.move(minutes=10)
    assert [block["type"] for block in seeing.sent()[0].blocks].count("table") == 0
    assert "bot" in seeing.sent()[0].words
    seeing.move(days=1)
    assert "table" not in {block["type"] for block in seeing.sent()[1].blocks}
    assert len(seeing.requests()) == 3


def test_a_workspace_that_takes_tables_gets_them(seeing):
    track(seeing)
    seeing.schedule()
    seeing.move(minutes=10)
    assert "table" in {block["type"] for block in seeing.sent()[0].blocks}


def test_blocks_that_are_refused_even_plain_are_a_refusal_like_any_other(seeing):
    track(seeing)
    seeing.schedule()
    seeing.client.fault(POST, "error", error="invalid_blocks", times=6)
    settle(seeing, 40)
    assert seeing.states() == ["failed"]
    assert seeing.stored(1).paused_why == "invalid_blocks"
    assert not seeing.service.refuses_tables(TEAM_ID)


def test_posts_of_one_channel_go_out_a_second_apart_and_those_of_others_at_once(seeing):
    for channel in (COSTS, COSTS, COSTS, GENERAL):
        seeing.schedule(channel=channel)
    seeing.clock.sleep = lambda _: None  # as long as a tick takes, this clock stands still
    seeing.move(minutes=10)
    assert (len(seeing.sent()), len(seeing.sent(GENERAL))) == (1, 1)
    seeing.move(seconds=0.9)
    assert len(seeing.sent()) == 1
    seeing.move(seconds=0.1)
    assert len(seeing.sent()) == 2
    seeing.move(seconds=1)
    moments = [float(one.ts) for one in seeing.sent()]
    assert [round(later - earlier, 3) for earlier, later in itertools.pairwise(moments)] == [1, 1]


def test_a_tick_waits_for_a_channel_with_several_posts_so_that_none_is_late(seeing):
    """The others went out in the next ticks, which on a clock that is moved by the hour made them an hour late."""
    for _ in range(5):
        seeing.schedule()
    seeing.move(minutes=10)
    assert seeing.states() == ["sent"] * 5
    moments = [float(one.ts) for one in seeing.sent()]
    assert all(later - earlier >= 1 for earlier, later in itertools.pairwise(moments))


def test_two_processes_do_not_post_to_one_channel_at_the_same_moment(seeing):
    """Both found the channel free, since neither had begun to send."""
    for _ in range(2):
        seeing.schedule()
    now = seeing.pass_(minutes=10)
    claim(seeing, now)
    one, two = seeing.posts.take(TEAM_ID, now), seeing.posts.take(TEAM_ID, now)
    assert seeing.posts.sending(one, {"text": "", "blocks": []}, now)
    assert not seeing.posts.sending(two, {"text": "", "blocks": []}, now + timedelta(seconds=0.9))
    seeing.posts.sent(one, "1.0", now)
    seeing.move(seconds=2)
    assert seeing.states() == ["sent", "sent"]


def test_a_post_that_another_process_holds_is_left_to_it_until_its_lease_is_over(seeing):
    seeing.schedule()
    now = seeing.pass_(minutes=10)
    other = connect(seeing.workspace, seeing.database)
    claim(other, now)
    held = other.posts.take(TEAM_ID, now)
    seeing.move(seconds=LEASE.total_seconds() - 1)
    assert seeing.requests() == []
    seeing.move(seconds=1)
    assert len(seeing.sent()) == 1
    assert not other.posts.sending(held, {"text": "late", "blocks": []}, seeing.workspace.now())


def test_a_process_that_was_killed_before_it_sent_holds_nobody_else_up(seeing):
    for _ in range(3):
        seeing.schedule()
    now = seeing.pass_(minutes=10)
    claim(seeing, now)
    assert seeing.posts.take(TEAM_ID, now)
    seeing.clock.tick()
    assert seeing.states() == ["due", "sent", "sent"]


def test_a_process_that_slept_through_most_of_its_lease_does_not_send(seeing):
    """It would still be sending when another process, finding nothing in the channel, sends too."""
    seeing.schedule()
    now = seeing.pass_(minutes=10)
    claim(seeing, now)
    held = seeing.posts.take(TEAM_ID, now)
    assert not seeing.posts.sending(held, {"text": "", "blocks": []}, now + LEASE - timedelta(seconds=30))
    assert seeing.posts.sending(held, {"text": "", "blocks": []}, now + timedelta(seconds=30))


def test_what_a_killed_process_was_sending_is_looked_up_when_its_lease_is_over(any_place):
    place = any_place
    place.schedule()
    now = place.pass_(minutes=10)
    claim(place, now)
    held = place.posts.take(TEAM_ID, now)
    assert place.posts.sending(held, {"text": "", "blocks": []}, now)
    settle(place, 2)
    assert place.states() == ["sending"]
    settle(place, 3)
    seeing = bool(place.sent())
    assert place.states() == ["sent" if seeing else "unsettled"]
    assert len(place.told()) == (0 if seeing else 1)


@pytest.mark.parametrize("when", ["before", "between"])
def test_nothing_is_posted_for_a_deleted_schedule(seeing, when):
    """What had been tried once was sent as it was stored, whatever had become of the schedule meanwhile."""
    seeing.schedule()
    if when == "before":
        claim(seeing, seeing.pass_(minutes=10))
    else:
        seeing.client.fault(POST, "ratelimited", retry_after=60)
        seeing.move(minutes=10)
    seeing.say("schedule 1 delete")
    settle(seeing)
    assert not seeing.sent()
    assert seeing.states() == ["skipped"]
    seeing.move(days=1)
    assert not seeing.sent()


def test_what_someone_wants_again_after_the_schedule_was_deleted_is_posted(blind):
    blind.schedule()
    blind.client.fault(POST, "server_error")
    blind.move(minutes=10)
    settle(blind, 3)
    blind.say("schedule 1 delete")
    blind.pass_(seconds=1)
    blind.say("repost 1")
    settle(blind, 2)
    assert len(blind.sent()) == 1


def test_a_summary_shows_only_what_the_channel_it_goes_to_may_see(seeing):
    """It was composed for the channel that the schedule had moved to since, and showed what is private there in the open."""
    private = "C0PRIVATE1"
    seeing.service.reply(
        "track secret: 7B on L4 1000/h", Asker(team_id=TEAM_ID, user_id=ADA, channel_id=private, private=True)
    )
    seeing.pass_(seconds=1)
    seeing.schedule()
    claim(seeing, seeing.pass_(minutes=10))
    seeing.say(f"schedule 1 becomes daily 09:00 UTC in <#{private}>")
    settle(seeing, 5)
    assert len(seeing.sent()) == 1
    assert "secret" not in str(seeing.sent()[0].blocks)


def test_a_channel_that_an_admin_has_closed_to_the_bot_since_gets_no_summary_and_no_alert(seeing):
    """Where the bot may post was only asked when a schedule was made or an alert raised."""
    seeing.schedule()
    alert(seeing, not_before=START + timedelta(minutes=5))
    seeing.service._desks.people = Admins()
    seeing.say(f"channels allow <#{GENERAL}>")
    seeing.move(minutes=10)
    settle(seeing, 2)
    assert not seeing.sent()
    assert seeing.stored(1).paused
    told = "\n".join(one.words for one in seeing.told())
    assert "an admin restricted who may post there" in told
    assert "bot is over its budget" in told


class Admins(Strangers):
    """Everyone is an admin."""

    def is_admin(self, user_id: str) -> bool:
        return True

    def zone(self, user_id: str) -> None:
        return None


def test_a_summary_that_slack_does_not_take_for_six_hours_is_skipped_and_told(seeing):
    seeing.schedule()
    seeing.client.fault(POST, "ratelimited", times=1000, retry_after=600)
    for _ in range(50):
        seeing.move(minutes=10)
    seeing.client.clear_faults()
    settle(seeing, 20)
    assert seeing.states() == ["skipped"]
    assert not seeing.sent()
    assert "for more than six hours" in seeing.told()[0].words


@pytest.mark.parametrize("state", ["due", "sending"])
def test_what_a_process_left_behind_two_days_ago_is_skipped_and_told(seeing, state):
    """It was posted however late."""
    seeing.schedule("every tuesday 09:00 UTC")
    now = seeing.pass_(minutes=10)
    claim(seeing, now)
    held = seeing.posts.take(TEAM_ID, now)
    if state == "sending":
        seeing.posts.sending(held, {"text": "", "blocks": []}, now)
    seeing.move(days=2)
    settle(seeing, 2)
    assert seeing.states() == ["skipped"]
    assert not seeing.sent()
    assert seeing.told()[0].buttons == ["Post it now"]


def test_a_strange_time_to_come_back_is_no_reason_to_stumble(seeing):
    """A date in Retry-After raised ValueError, and a post that was certainly not taken was in doubt."""
    assert _retry_after({"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}) is None
    assert _retry_after({"retry-after": "7"}) == timedelta(seconds=7)
    assert _retry_after({}) is None


def test_a_locked_database_in_the_middle_is_waited_for(tmp_path):
    with clockwork(tmp_path) as place:
        place.schedule()
        with Database(place.database.path, busy_timeout_s=0.05) as impatient:
            other = connect(place.workspace, impatient)
            place.pass_(minutes=10)
            with closing(sqlite3.connect(place.database.path, isolation_level=None)) as holder:
                holder.execute("BEGIN IMMEDIATE")
                other.clock.tick()
                with pytest.raises(DatabaseLocked):
                    other.clock.post()
            other.clock.tick()
            assert other.states() == ["sent"]


def test_a_summary_sent_while_the_database_is_locked_is_found_later_and_not_doubled(seeing, monkeypatch):
    seeing.schedule()
    monkeypatch.setattr(type(seeing.posts), "sent", locked)
    seeing.move(minutes=10)
    monkeypatch.undo()
    settle(seeing, 5)
    assert seeing.states() == ["sent"]
    assert len(seeing.sent()) == 1


def locked(self, post, ts, now):
    raise DatabaseLocked(self._database.path)
