"""`samples`: three sample deployments with two weeks of usage, tracked like any other; and away again."""

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import ClassVar, Literal, Self

from bot.access.owners import must_be_admin
from bot.commands.estimates.stored_answers import own
from bot.commands.tracking import sample_data as sampled
from bot.commands.tracking.plan import priced
from bot.commands.tracking.track import TrackQuestion, tracked
from bot.desk.command import Command
from bot.desk.desk import Desk
from bot.desk.question import Question
from bot.desk.records import Deployment
from bot.language.cleaning import clean
from bot.language.grammar import with_hint
from bot.reply import Message
from bot.views.tracking.samples import removed_view, samples_view
from calculator.errors import QuestionError

Part = Literal["add", "remove", "remove all"]
PARTS: tuple[Part, ...] = ("add", "remove", "remove all")
TAG = {"sample": "yes"}
NAMED = re.compile(rf"(?:{'|'.join(sample.name for sample in sampled.SAMPLES)})(?:-\d+)?", re.IGNORECASE)
WEEK = timedelta(days=7)


class SamplesQuestion(Question):
    """Add sample deployments, or take them away."""

    word: ClassVar[str] = "samples"

    part: Part = "add"
    """What to do: `remove` takes away one's own, `remove all` everyone's."""

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Nothing, `remove`, or `remove all`."""
        part = clean(text).lower() or "add"
        if part not in PARTS:
            hint = "Write `samples`, which adds three deployments to look at, or `samples remove`."
            raise QuestionError("samples", with_hint(f"There is no `samples {part[:40]}`.", part, PARTS, hint))
        return cls.make({"part": part})

    def __str__(self) -> str:
        return self.word if self.part == "add" else f"{self.word} {self.part}"


def answer(question: SamplesQuestion, desk: Desk) -> Message:
    """The asker's samples, added where there were none; or what was taken away."""
    if question.part != "add":
        return _removed(question, desk)
    added = not _samples(desk)
    if added:
        for sample in sampled.SAMPLES:
            _add(sample, desk)
    found = _samples(desk)
    statement = desk.deployments.statement(found, [desk.now - 2 * WEEK, desk.now - WEEK, desk.now])
    return samples_view(found, statement, added=added)


def _samples(desk: Desk, *, everyones: bool = False) -> list[Deployment]:
    """Those that the asker added, in whatever state: they have both the tag and such a name."""
    found = desk.deployments.all("running", "paused", "retired")
    return [one for one in found if _is_sample(one) and (everyones or one.user_id == desk.asker.user_id)]


def _is_sample(one: Deployment) -> bool:
    return bool(TAG.items() <= one.tags.items() and NAMED.fullmatch(one.name))


def _add(sample: sampled.Sample, desk: Desk) -> None:
    """Track it as people do, under the first name that is free, and keep what was seen of it."""
    what, begun = sampled.about(sample), sampled.since(desk.now)
    plan = {
        "about": what,
        "tags": {**TAG, "team": sample.team},
        "since": begun,
        "budget_usd": sampled.budget(sample, priced(what, own(desk))[1], desk.now),
    }
    for name in (sample.name, *(f"{sample.name}-{number}" for number in range(2, 1000))):
        try:
            found, _ = tracked(TrackQuestion.make({"name": name, **plan}), desk)
        except QuestionError as error:
            if error.field != "name":
                raise
            if any(one.name.lower() == name for one in _samples(desk)):
                return  # asked twice at once: the other one adds them
            continue
        desk.deployments.see(found, sampled.hours(sample, desk.now))
        return


def _removed(question: SamplesQuestion, desk: Desk) -> Message:
    """They go with their usage, so that no bill holds them; schedules that are about them stay, and are named."""
    everyones = question.part == "remove all"
    if everyones:
        sentence = "Only a workspace admin removes everyone's. `samples remove` removes yours."
        must_be_admin(desk.asker, desk.people, "samples", sentence)
    found = _samples(desk, everyones=everyones)
    for one in found:
        desk.deployments.forget(one)
    return removed_view([one.name for one in found], _schedules(desk))


def _schedules(desk: Desk) -> Sequence[int]:
    """The asker's schedules of what has the tag."""
    return [
        one.number
        for one in desk.schedules.all()
        if one.user_id == desk.asker.user_id and "sample=yes" in one.about.lower()
    ]


SAMPLES = Command(
    SamplesQuestion,
    answer,
    "Three sample deployments with two weeks of usage, to try summaries, alerts and schedules on.",
    ("samples", "samples remove"),
)
