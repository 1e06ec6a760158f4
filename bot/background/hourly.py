"""Once an hour: new prices into the plans that follow the price book, alerts raised and cleared, old rows put away."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache

from bot.access.people import UnknownChannels
from bot.access.rules import Rules
from bot.background.scenario_changes import Changed, changed
from bot.background.unknown_places import settle_places
from bot.books.statements import Accounts
from bot.books.status import EVERY, WATCHED
from bot.books.team import own_of
from bot.commands.estimates.estimate_question import EstimateQuestion
from bot.commands.tracking.alerts import waits_until
from bot.commands.tracking.plan import priced
from bot.desk.books import Channels
from bot.reply import Message
from bot.views.scenarios.scenarios import reconsidered_message
from bot.views.tracking.alerts import alert_message
from calculator.catalog.price_book import PriceBook, price_book
from calculator.errors import QuestionError
from calculator.spending.alerts import Alert, Raised, Watch, alerts
from calculator.spending.terms import Terms, repriced
from calculator.team.own import Own
from storage.database import Database
from storage.deployment_records import Deployment
from storage.moments import to_text
from storage.posts import NewPost
from storage.retention import UNDO
from storage.scenarios import Scenario
from storage.tables import Tables

log = logging.getLogger(__name__)
HELD = timedelta(minutes=10)
"""How long a look that is going on keeps others away; where it fails or is killed, there is another one then."""
WAITED_FOR = timedelta(days=2)
"""A question that was neither answered nor told of for so long is forgotten, also one of a workspace that is not served here."""
NOTED = "put away by"
"""The fact that has the moment by which what is old is removed next, and how many looks there were since."""
LOOKS = 24
REMEMBERED = 4096
"""Deployments whose terms are not computed anew while prices are what they were."""


@dataclass
class HourlyLook:
    """Looks after the deployments of one workspace."""

    database: Database
    team_id: str
    now: Callable[[], datetime]
    channels: Channels = field(default_factory=UnknownChannels)
    _until: datetime | None = None
    """Until when this process knows that it need not look."""

    def __post_init__(self) -> None:
        self.tables = Tables(self.database)

    def run_once(self) -> int:
        """Look at every deployment, unless this or another process has within the hour; gives how many alerts were raised."""
        now = self.now()
        if self._until and self._until - EVERY <= now < self._until:
            return 0
        facts = self.tables.workspaces
        if not facts.advance(self.team_id, WATCHED, to_text(now), to_text(now + HELD)):
            return 0
        settle_places(self.tables, self.channels, self.team_id, now)
        found = self.tables.deployments.of_team(self.team_id)
        self._reprice(found)
        self._put_away(now)
        told = self._raise(found) + self._reconsider()
        facts.set(self.team_id, WATCHED, to_text(now + EVERY))
        self._until = now + EVERY
        return told

    def _put_away(self, now: datetime) -> None:
        """Remove what is old by a moment that was noted a day of looks ago: a clock that is wrong for hours removes nothing."""
        facts = self.tables.workspaces
        noted, _, looks = (facts.get(self.team_id, NOTED) or f"{to_text(now)} 0").partition(" ")
        moment, seen = datetime.fromisoformat(noted), int(looks) + 1
        if moment > now:  # noted by a clock that was ahead
            moment, seen = now, 0
        if seen > LOOKS:
            self._remove(moment)
            moment, seen = now, 0
        facts.set(self.team_id, NOTED, f"{to_text(moment)} {seen}")

    def _remove(self, now: datetime) -> None:
        """Roll up old usage; remove old posts, what was deleted a month ago, and answers older than the workspace keeps them."""
        retention = self.tables.retention
        self.tables.usage.roll_up(now)
        self.tables.posts.purge(now)
        self.tables.accepted.purge(now - WAITED_FOR)
        retention.purge_deleted(self.team_id, now - UNDO)
        days = Rules.of_team(self.tables, self.team_id, now).keep_days()
        if days:
            retention.purge(self.team_id, now - timedelta(days=days))

    def _reprice(self, found: tuple[Deployment, ...]) -> None:
        own = own_of(self.tables, self.team_id)
        plans = self.tables.deployments.stretches([one.id for one in found if not one.pinned])
        for one in found:
            if one.pinned or not plans[one.id]:
                continue
            old = plans[one.id][-1].terms
            try:
                new = (_terms if old.hosted else _remembered)(one.spelled_out, own, price_book())
            except QuestionError as error:
                log.warning("not priced anew", extra={"deployment": one.id, "reason": error.field})
                continue
            changed = _changed(old, new)
            if changed is not None:
                self.tables.deployments.reprice(one, changed, self.now())

    def _raise(self, found: tuple[Deployment, ...]) -> int:
        running = tuple(one for one in found if one.state == "running")
        sources = self.tables.sources.of(one.id for one in running)
        watches = Accounts(self.tables).watch(running, sources, self.now())
        raised = self.tables.alerts.raised(watches)
        return sum(self._settle(one, watches[one.id], raised[one.id]) for one in running if one.id in watches)

    def _settle(self, one: Deployment, watch: Watch, raised: tuple[Raised, ...]) -> int:
        news = alerts(watch, raised)
        told = [(alert.raised, self._post(one, alert)) for alert in news.told]
        if told or news.untold or news.over:
            self.tables.alerts.settle(one.id, news.over, [*told, *((quiet, None) for quiet in news.untold)], self.now())
        return len(told)

    def _post(self, one: Deployment, alert: Alert) -> NewPost:
        """The alert, where it was tracked."""
        name = f"alert {one.id} {alert.raised.kind} {alert.raised.period} {self.now().isoformat()}"
        return self._told(name, one, lambda waited: alert_message(one.name, alert.sentence, waited=waited))

    def _told(self, name: str, about: Deployment | Scenario, message: Callable[[bool], Message]) -> NewPost:
        """A message to a channel; to its owner where the channel is not allowed. It waits for the end of quiet hours."""
        now = self.now()
        rules = Rules.of_team(self.tables, self.team_id, now)
        waits = max(waits_until(rules.quiet(), now), now)
        where = about.channel_id if rules.posts_in(about.channel_id) else about.user_id
        said = message(waits > now)
        return NewPost(
            team_id=self.team_id,
            name=name,
            kind="alert",
            channel_id=where,
            user_id=about.user_id,
            due_at=now,
            not_before=waits,
            message={"text": said.text, "blocks": list(said.blocks)},
        )

    def _reconsider(self) -> int:
        """Tell where a saved scenario comes out differently."""
        own = own_of(self.tables, self.team_id)
        return sum(map(self._retell, changed(self.tables, self.team_id, own)))

    def _retell(self, one: Changed) -> bool:
        """Recorded under the moment of its last answer, so told once; the new answer is the last one from then on."""
        found, posts = one.scenario, self.tables.posts
        name = f"scenario {found.id} {found.answered_at.isoformat()}"
        message = reconsidered_message(found.name, one.before.verdict, one.now.verdict)
        is_new = posts.add(self._told(name, found, lambda _: message), self.now())
        self.tables.scenarios.keep_answer(found, one.now.model_dump_json(), self.now())
        return is_new


def _terms(spelled_out: str, own: Own, _: PriceBook) -> Terms:
    return priced(EstimateQuestion.from_text(spelled_out), own)[1]


_remembered = lru_cache(REMEMBERED)(_terms)
"""The terms of a deployment on hardware: the same words with the same of one's own at the same prices always have the same."""


def _changed(old: Terms, new: Terms) -> Terms | None:
    """The old plan at the new price; None where the price is the same, or none is known any more."""
    if new.hosted:
        names = ("usd_per_input_token", "usd_per_output_token", "price")
        return (
            None
            if all(getattr(old, name) == getattr(new, name) for name in names[:2])
            else old.model_copy(update={name: getattr(new, name) for name in names})
        )
    if new.usd_per_gpu_hour is None or new.usd_per_gpu_hour == old.usd_per_gpu_hour:
        return None
    return repriced(old, new.usd_per_gpu_hour, new.price) if old.usd_per_gpu_hour else new
