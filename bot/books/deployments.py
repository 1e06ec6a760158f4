"""Tracked deployments as one person sees them from one place: storage behind the words that commands use."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.access.bound import Bound
from bot.access.owners import must_own
from bot.access.places import place_of
from bot.access.rules import is_alone
from bot.books.statements import Accounts
from bot.desk.asker import Asker
from bot.language.grammar import with_hint
from calculator.errors import QuestionError
from calculator.spending.alerts import Raised
from calculator.spending.spend import Stretch
from calculator.spending.statement import Statement
from calculator.spending.terms import Terms
from calculator.spending.usage import UsageHour, hour_of
from storage.audit import AuditLine, audit_line
from storage.deployment_records import Deployment, NewDeployment, State
from storage.errors import NameTaken, NotFound
from storage.sources import UsageSource
from storage.usage import UsageRate

STATES: tuple[State, ...] = ("running", "paused", "retired")
Prober = Callable[[UsageSource], tuple[UsageSource, str]]
"""The source in its canonical form, and what is found there now; QuestionError where it must not be asked."""


@dataclass(frozen=True)
class DeploymentBook(Bound):
    """The deployments of the asker's workspace."""

    probe: Prober

    def get(self, name: str) -> Deployment:
        """The deployment of this name."""
        try:
            return self.tables.deployments.get(self.asker, name)
        except NotFound as error:
            names = [one.name for one in self.all(*STATES)]
            after = "`deployments` lists them." if names else "`track NAME: QUESTION` tracks one."
            raise QuestionError("name", with_hint(str(error), name, names, after)) from error

    def mine(self, name: str) -> Deployment:
        """The deployment, which the asker may change."""
        found = self.get(name)
        must_own(self.asker, self.people, found.user_id, found.name)
        return found

    def all(self, *states: State) -> tuple[Deployment, ...]:
        """Those in these states; in any but retired where none is said."""
        return self.tables.deployments.all(self.asker, *states)

    def seen_in(self, channel: str) -> tuple[Deployment, ...]:
        """Those that run or are paused, as everyone in a channel sees them; in direct messages, as the asker does."""
        if is_alone(channel):
            return self.all()
        return self.tables.deployments.all(Asker(team_id=self.asker.team_id, user_id="", channel_id=channel))

    def add(self, name: str, question: str, spelled_out: str, terms: Terms, since: datetime, **more: Any) -> Deployment:
        """Track one that runs since then."""
        asker = self.asker
        there = place_of(asker.channel_id, asker, self.people.channels)
        place = {"channel_id": asker.channel_id, "channel_name": asker.channel_name, **there._asdict()}
        new = NewDeployment(
            team_id=asker.team_id,
            user_id=asker.user_id,
            name=name,
            question=question,
            spelled_out=spelled_out,
            **(place | more),
        )
        try:
            return self.tables.deployments.add(new, terms, since, self.now)
        except NameTaken as error:
            raise QuestionError(
                "name", f"{error} Choose another name, or `deployment {name}` shows that one."
            ) from error

    def change(self, found: Deployment, terms: Terms | None = None, **fields: Any) -> Deployment:
        """Change it, from now on."""
        name = fields.get("name", found.name)
        if name.lower() != found.name.lower() and any(one.name.lower() == name.lower() for one in self.all(*STATES)):
            raise QuestionError("name", f"There is a deployment called {name} already. Choose another name.")
        try:
            return self.tables.deployments.change(found, self.asker.user_id, self.now, terms, **fields)
        except NameTaken as error:
            raise QuestionError("name", f"{error} Choose another name.") from error

    def move(self, found: Deployment, state: State, why: str) -> Deployment:
        """Pause, resume, retire or restore it."""
        return self.tables.deployments.move(found, self.asker.user_id, self.now, state, why)

    def forget(self, found: Deployment) -> None:
        """As if it had never been tracked; only its owner and an admin."""
        must_own(self.asker, self.people, found.user_id, found.name)
        self.tables.deployments.forget(found, self.asker.user_id, self.now)

    def plan(self, found: Deployment) -> tuple[Stretch, ...]:
        """Its plans, oldest first."""
        return self.tables.deployments.stretches([found.id])[found.id]

    def audit(self, found: Deployment) -> tuple[AuditLine, ...]:
        """Who changed it, newest first."""
        return self.tables.audit.of(self.asker.team_id, found.subject)

    def alerts(self, found: Sequence[Deployment]) -> Mapping[int, tuple[Raised, ...]]:
        """What is raised about each."""
        return self.tables.alerts.raised([one.id for one in found])

    def statement(self, found: Sequence[Deployment], edges: Sequence[datetime]) -> Statement:
        """What they cost between the last two edges, against the periods before."""
        return Accounts(self.tables).statement(found, edges)

    def see(self, found: Deployment, hours: Iterable[UsageHour]) -> int:
        """Keep imported usage."""
        given = list(hours)
        return self.tables.usage.put(found.id, given, "csv", self._said(found, f"{len(given):,} hours from a file"))

    def say(
        self,
        found: Deployment,
        since: datetime,
        requests_per_hour: float | None,
        tokens: tuple[int | None, int | None],
    ) -> None:
        """Keep what someone says of its load."""
        rate = UsageRate(
            since=hour_of(since),
            requests_per_hour=requests_per_hour,
            input_tokens=tokens[0],
            output_tokens=tokens[1],
            user_id=self.asker.user_id,
        )
        load = "none" if requests_per_hour is None else f"{requests_per_hour:g} requests/h"
        lengths = "" if tokens[0] is None else f", {tokens[0]} in, {tokens[1]} out"
        words = f"{load}{lengths} since {since:%Y-%m-%d %H:%M} UTC"
        self.tables.usage.rate(found.id, rate, self._said(found, words))

    def _said(self, found: Deployment, words: str) -> tuple[str, AuditLine]:
        """What someone gave as usage, for the audit."""
        return self.asker.team_id, audit_line(found.subject, self.asker.user_id, self.now, "usage", "", words)

    def seen(self, found: Deployment, start: datetime, end: datetime) -> tuple[UsageHour, ...]:
        """What was measured, hour by hour."""
        return self.tables.usage.hours(found.id, start, end)

    def source(self, found: Deployment) -> UsageSource | None:
        """Where its usage is fetched from."""
        return self.tables.sources.get(found.id)

    def fetch_from(self, found: Deployment, url: str, selector: str, token: str, engine: str) -> str:
        """Fetch its usage from there from now on; says what is found there now."""
        source = UsageSource(
            deployment_id=found.id, url=url, selector=selector, token=token, engine=engine, next_fetch_at=self.now
        )
        checked, said = self.probe(source)
        self.tables.sources.set(self.asker.team_id, checked, self.asker.user_id, self.now)
        return said

    def stop_fetching(self, found: Deployment) -> None:
        """Fetch no more; what was seen stays."""
        self.tables.sources.remove(self.asker.team_id, found.id, self.asker.user_id, self.now)
