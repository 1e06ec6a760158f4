"""A channel's scenarios as one person sees and changes them: storage behind the words that commands use."""

from dataclasses import dataclass

from bot.access.bound import Bound
from bot.access.owners import must_own
from bot.language.grammar import with_hint
from calculator.errors import QuestionError
from storage.errors import NameTaken
from storage.scenarios import NewScenario, Scenario

MOST = 50
"""Scenarios that a channel may have."""


@dataclass(frozen=True)
class ScenarioBook(Bound):
    """Scenarios of the channel that the asker looks from; none of another channel is ever seen here."""

    def all(self) -> tuple[Scenario, ...]:
        """Every one, by name."""
        return self.tables.scenarios.current(self.asker.team_id, self.asker.channel_id)

    def find(self, name: str) -> Scenario | None:
        """The scenario of this name, capitals aside; None where there is none."""
        return next((one for one in self.all() if one.name.lower() == name.lower()), None)

    def get(self, name: str) -> Scenario:
        """The scenario of this name; QuestionError where there is none."""
        found = self.find(name)
        if found is None:
            names = [one.name for one in self.all()]
            after = "`scenarios` lists them." if names else "`scenario save NAME: QUESTION` saves one."
            raise QuestionError(
                "name", with_hint(f"There is no scenario {name} in this channel.", name, names, after), tuple(names[:3])
            )
        return found

    def mine(self, name: str) -> Scenario:
        """The scenario, which the asker may change; QuestionError where they may not."""
        found = self.get(name)
        must_own(self.asker, self.people, found.user_id, found.name)
        return found

    def save(self, name: str, title: str, about: str, question: str, answer: str) -> Scenario:
        """Keep a scenario with its answer of now, in place of the one of that name."""
        before = self.find(name)
        if before:
            must_own(self.asker, self.people, before.user_id, before.name)
        elif len(self.all()) >= MOST:
            raise QuestionError("name", f"This channel has {MOST} scenarios already. Remove one first: `scenarios`.")
        asker = self.asker
        new = NewScenario(
            team_id=asker.team_id,
            channel_id=asker.channel_id,
            name=name,
            user_id=asker.user_id,
            title=title,
            about=about,
            question=question,
            answer=answer,
        )
        try:
            return self.tables.scenarios.save(new, self.now, replaces=before.id if before else None)
        except NameTaken as error:
            raise QuestionError("name", f"{error} `scenario {name}` shows it.") from error

    def remove(self, name: str) -> Scenario:
        """A scenario that is seen no longer."""
        return self.tables.scenarios.remove(self.mine(name), self.asker.user_id, self.now)

    def restore(self, name: str) -> Scenario:
        """The scenario as it was before it was replaced or removed the last time."""
        asker, present = self.asker, self.find(name)
        ended = self.tables.scenarios.ended(asker.team_id, asker.channel_id, name)
        if ended is None:
            raise QuestionError(
                "name", f"Nothing of a scenario {name} was replaced or removed in this channel. `scenarios` lists all."
            )
        for one in filter(None, (present, ended)):
            must_own(asker, self.people, one.user_id, one.name)
        return self.tables.scenarios.restore(ended, asker.user_id, self.now)

    def keep_answer(self, found: Scenario, answer: str) -> None:
        """The last answer to the scenario."""
        self.tables.scenarios.keep_answer(found, answer, self.now)
