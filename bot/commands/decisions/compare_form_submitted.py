"""The form of a comparison read back to its question, each error under the option that it is about."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple, TypeVar

from bot.answers.decided import LETTERS
from bot.commands.decisions.compare_form_buttons import sheet_in
from bot.commands.decisions.compare_form_opened import phrases
from bot.commands.decisions.compare_question import CompareQuestion, common, inherit
from bot.commands.decisions.deciding import at_hours
from bot.commands.estimates.estimate_question import EstimateQuestion
from bot.commands.estimates.form_inputs import destination_of
from bot.commands.estimates.resolve import resolve
from bot.desk.question import Question
from bot.desk.submitted import Fields
from bot.language.cleaning import clean
from bot.language.grammar import scan
from bot.views.decisions.compare_form import FEWEST, LINES, MOST, SELECTS, Entry, Sheet, place
from calculator.errors import QuestionError
from calculator.team.own import Own

T = TypeVar("T")
NOT_HERE = "Choose who sees the answer at the end of the form, not here."


class Side(NamedTuple):
    """One option that was filled in: a block of inputs, or a line."""

    entry: Entry
    name: str
    """What people see of it: its letter, or the line itself."""

    def block(self, field: str) -> str:
        """The input that an error of this field stands under: the select where it holds the field, else the words."""
        if self.entry.id == 0:
            return LINES
        return place(field if field in SELECTS and getattr(self.entry, field) else "more", self.entry.id)

    def check(self, read: Callable[[], T]) -> T:
        """What is read, its errors under this option's input."""
        try:
            return read()
        except QuestionError as error:
            told = f"“{self.name}”: {error.message}" if self.entry.id == 0 else error.message
            raise QuestionError(self.block(error.field), told) from error


def asks_compare(fields: Fields, subject: str, own: Own) -> Question:
    """The comparison that was submitted; each option is checked to the end."""
    sheet = sheet_in(fields, subject)
    sides = _sides(sheet)
    where = destination_of(fields)
    known = {field: phrases()[field].read(text) for field, text in sheet.required.items()}
    said = [known, *(side.check(partial(_said, side)) for side in sides)]
    wanted = common(said, tuple(phrase.field for phrase in CompareQuestion.phrases()))
    options = _made(sides, said[1:])
    question = CompareQuestion.make({"options": options, "channel": where, **wanted})
    for side, option in zip(sides, options, strict=True):
        side.check(partial(resolve, at_hours(option, question), own))
    return question


def _sides(sheet: Sheet) -> list[Side]:
    """The options that say anything; QuestionError under the first where they are not two to six."""
    lines = [clean(line) for line in sheet.lines.splitlines() if clean(line)]
    listed = [Side(one, LETTERS[at]) for at, one in enumerate(sheet.entries) if not one.is_blank()]
    sides = [*listed, *(Side(Entry(id=0, more=line), line[:60]) for line in lines)]
    if not FEWEST <= len(sides) <= MOST:
        first = place("model_size", sheet.entries[0].id) if sheet.entries else LINES
        raise QuestionError(first, f"A comparison needs two to six options; {len(sides)} filled in.")
    return sides


def _said(side: Side) -> dict[str, Any]:
    """The fields that an option says, in its selects and in its own words."""
    one, known = side.entry, phrases()
    values = {field: known[field].read(text) for field in SELECTS if (text := getattr(one, field))}
    typed = scan(one.more, list(known.values()))
    if "channel" in typed:
        raise QuestionError("channel", NOT_HERE)
    for field, value in typed.items():
        if values.setdefault(field, value) != value:
            raise QuestionError("more", f"“{value}” here and “{values[field]}” above: say one of them.")
    own = {field: value for field, value in values.items() if field in EstimateQuestion.model_fields}
    EstimateQuestion.make(
        {"hardware_type": "any", **own}
    )  # here, before another option takes a wrong value from this one
    return values


def _made(sides: Sequence[Side], said: Sequence[dict[str, Any]]) -> tuple[EstimateQuestion, ...]:
    """The options, each with what it takes from the others."""
    complete = zip(sides, inherit(list(said)), strict=True)
    return tuple(side.check(partial(EstimateQuestion.make, values)) for side, values in complete)
