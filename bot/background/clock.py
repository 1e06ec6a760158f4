"""The clock: claims what is due, posts it, settles what is in doubt, watches what is tracked. One tick does all of it.

Any number of processes may tick on one database: each piece of work is claimed there, so it is done once.
"""

import logging
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from bot.background.hourly import HourlyLook
from bot.background.posting import NotAllowed, Poster
from bot.books.status import WATCHED
from bot.calendar import RULES, Calendar
from bot.desk.asker import Asker
from bot.operating.steadiness import Steadiness
from bot.reply import Message
from bot.service import Service
from bot.views.kit.blocks import escape
from bot.views.tracking.schedule_notices import missed, retimed
from calculator.errors import QuestionError
from storage.ahead import bring_back
from storage.errors import StorageError
from storage.posts import PACE, NewPost, Post
from storage.schedules import Runs, Schedule
from storage.tables import Tables

log = logging.getLogger(__name__)
TICK_S, COLLECT_S = 5, 30
LATE = timedelta(minutes=15)
"""A summary that is posted later than this says so."""
AT_ONCE = 500
"""Pieces of work of one kind in a tick, so that none starves the others."""
TURNS = 10
"""How often a tick waits for a channel that takes one post a second."""
ZONE_RULES = "time zones by"
"""The fact that has the version of the rules by which schedules wait."""
LONG_AGO = datetime.min.replace(tzinfo=UTC)


class Background(Protocol):
    """Something that is done between posts, such as fetching usage."""

    def run_once(self) -> int: ...


@dataclass
class Clock:
    """Everything that the bot does by itself."""

    tables: Tables
    poster: Poster
    hourly: HourlyLook
    collector: Background
    team_id: str
    now: Callable[[], datetime]
    sleep: Callable[[float], object] = time.sleep
    gone: Callable[[], bool] = bool
    """Whether the workspace uninstalled the bot: nothing is due there then."""
    steadiness: Steadiness | None = None
    """Whether the time can be believed; where there is none, whoever moves the clock means it."""

    def __post_init__(self) -> None:
        self._turn = threading.Lock()
        self._fresh = True

    def tick(self) -> None:
        """Do all that is due now: collect, then post and watch."""
        with ExitStack() as works:
            works.callback(self.turn)  # also where collecting fails
            self.collect()

    def turn(self) -> None:
        """Post and watch. Turns of one process wait for each other, but never for a server that is asked for usage.

        Whatever one piece of work raises, the other has its turn before it goes on to whoever logs it; what fails is tried
        in the next turn.
        """
        if self.gone() or not self._is_steady():
            return
        with self._turn, ExitStack() as works:
            for work in (self.watch, self.post):  # the last one is done first
                works.callback(_unless_locked, work)

    def post(self) -> None:
        """Record what is due, send what is ready, settle what is in doubt."""
        while self.tables.schedules.claim_due(self.team_id, self.now(), runs, self._missed):
            pass
        ready = self.tables.posts.next_ready_at(self.team_id)
        if ready and ready <= self.now():
            _repeat(self.poster.settle_next)
            self._send()

    def _send(self) -> None:
        """Send what is ready, waiting for channels that have several posts, unless the clock stands still."""
        for _ in range(TURNS):
            _repeat(self.poster.send_next)
            before = self.now()
            if not self.poster.crowded():
                return
            self.sleep(PACE.total_seconds())
            if self.now() - before < PACE / 2:
                return

    def collect(self) -> None:
        """Fetch the usage that is due."""
        if not self.gone() and self._is_steady():
            _unless_locked(self.collector.run_once)

    def _is_steady(self) -> bool:
        """Whether the time can be believed; after a start, and once it can again, what waits is looked at anew."""
        steadiness, steady = self.steadiness, []

        def look() -> None:
            if steadiness and not steadiness.is_steady():
                return
            if self._fresh or (steadiness and steadiness.regained):
                self.look_anew()
                self._fresh = False
                if steadiness:
                    steadiness.regained = False
            steady.append(True)

        _unless_locked(look)
        return bool(steady)

    def look_anew(self) -> None:
        """Let nothing wait for a moment that was stored while the clock was ahead, or by older rules of a time zone."""
        bring_back(self.tables.database, self.now(), WATCHED)
        facts = self.tables.workspaces
        before = facts.get(self.team_id, ZONE_RULES) or RULES.version
        self.tables.schedules.look_anew(
            self.team_id, self.now(), runs, self._retimed if before != RULES.version else None
        )
        facts.set(self.team_id, ZONE_RULES, RULES.version)

    def watch(self) -> None:
        """Reprice, raise and clear alerts, once an hour; what is raised is posted at once."""
        if self.hourly.run_once():
            self.post()

    def _retimed(self, schedule: Schedule, following: datetime) -> NewPost:
        return self._notice(schedule, f"retimed {schedule.id} {following.isoformat()}", retimed(schedule, following))

    def _missed(self, schedule: Schedule, due: datetime, following: datetime | None) -> NewPost:
        return self._notice(schedule, f"missed {schedule.id} {due.isoformat()}", missed(schedule, due, following))

    def _notice(self, schedule: Schedule, name: str, message: Message) -> NewPost:
        """What the owner of a schedule is told."""
        return NewPost(
            team_id=schedule.team_id,
            name=name,
            kind="notice",
            channel_id=schedule.user_id,
            user_id=schedule.user_id,
            due_at=self.now(),
            message={"text": message.text, "blocks": list(message.blocks)},
        )


def _unless_locked(work: Callable[[], object]) -> None:
    try:
        work()
    except StorageError as error:
        log.warning("the clock waits for the database", extra={"reason": str(error)})


def _repeat(work: Callable[[], bool]) -> None:
    for _ in range(AT_ONCE):
        if not work():
            return


def runs(spec: str, now: datetime) -> Runs:
    """The newest run of a schedule, and its next one; none where its text is not understood any more."""
    try:
        calendar = Calendar.from_text(spec)
    except QuestionError as error:
        log.warning("schedule not understood", extra={"reason": error.field})
        return Runs(last=LONG_AGO, following=None)
    return Runs(last=calendar.last_run(now) or now, following=calendar.next_run(now))


def composed(service: Service, tables: Tables, now: Callable[[], datetime]) -> Callable[[Post], Message | None]:
    """How a post's message is made: a summary each time that it is posted, the others bring theirs."""

    def compose(post: Post) -> Message | None:
        desk = service.desk(Asker(team_id=post.team_id, user_id="", channel_id=post.channel_id))
        if post.channel_id != post.user_id and not desk.rules.posts_in(post.channel_id):
            raise NotAllowed(post.channel_id)
        if post.schedule_id is None:
            assert post.message is not None
            return Message(text=post.message["text"], blocks=tuple(post.message["blocks"]))
        schedule = tables.schedules.by_id(post.schedule_id).model_copy(
            update={"channel_id": post.channel_id}
        )  # it may have moved on
        if schedule.deleted_at is not None and (post.settled_at is None or post.settled_at < schedule.deleted_at):
            return None  # unless someone wanted it after that
        late = now() - post.due_at
        notes = (f"Posted late: it was due {post.due_at:%Y-%m-%d %H:%M} UTC.",) if late > LATE else ()
        try:
            return service.summary(schedule, post.due_at, notes, desk)
        except QuestionError as error:
            log.warning("summary not composed", extra={"schedule": schedule.id, "reason": error.field})
            return Message(text=escape(f"Schedule {schedule.number}: {error.message}"))

    return compose


class Ticking:
    """The clock in a thread of its own, by APScheduler: one interval tick in UTC and nothing else."""

    def __init__(self, tick: Callable[[], None], seconds: float = TICK_S) -> None:
        from apscheduler.schedulers.background import BackgroundScheduler  # noqa: PLC0415  # a question never needs it

        self._scheduler = BackgroundScheduler(timezone=UTC)
        self._scheduler.add_job(
            tick, "interval", seconds=seconds, max_instances=1, coalesce=True, next_run_time=datetime.now(UTC)
        )

    def start(self) -> None:
        """Tick from now on."""
        self._scheduler.start()

    def stop(self) -> None:
        """Finish the tick that is going on, and tick no more."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=True)
