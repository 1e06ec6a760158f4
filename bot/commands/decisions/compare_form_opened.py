"""The form of a comparison opened: from a question, a stored answer, or whatever was typed after `form compare`."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bot.commands.decisions.compare_question import CompareQuestion
from bot.commands.decisions.wanted import Wanted
from bot.commands.estimates.estimate_question import EstimateQuestion
from bot.commands.estimates.form_inputs import input_saying
from bot.commands.estimates.stored_answers import shown_in
from bot.desk.desk import Desk
from bot.desk.records import StoredAnswer
from bot.language.cleaning import clean
from bot.language.grammar import VERSUS, scan
from bot.language.phrases import Phrase
from bot.reply import Block
from bot.views.decisions.compare_form import FEWEST, MOST, SELECTS, Entry, Sheet, compare_form
from bot.views.decisions.recommend_form import REQUIRED
from calculator.errors import QuestionError

NUMBER = re.compile(r"#(\d{1,9})")


def open_compare(rest: str, desk: Desk) -> Block:
    """The form of a comparison, filled in from one, from a single option, or from the answer `#12`."""
    numbered = NUMBER.fullmatch(rest)
    return drawn(sheet_about(options_of(desk.answers.get(int(numbered[1]))) if numbered else rest))


def options_of(stored: StoredAnswer) -> str:
    """What a stored answer compares, or the one thing that it is about, as text."""
    decided = shown_in(stored).decided
    if decided.kind == "break-even":
        return " vs ".join(side.asked for side in decided.options)
    text = stored.spelled_out if stored.question.startswith("recommend") else stored.question
    return text.removeprefix(f"{CompareQuestion.word} ")


def question_of(stored: StoredAnswer) -> str:
    """What a stored answer was asked, as a form holds it; of a break-even its side on hardware."""
    decided = shown_in(stored).decided
    return decided.options[0].asked if decided.kind == "break-even" else stored.question


def drawn(sheet: Sheet) -> Block:
    """The form as it stands."""
    known = phrases()
    said = {field: sheet.required.get(field, "") for field in (*SELECTS, *REQUIRED)}
    return compare_form(sheet, {field: input_saying(known[field], text, Wanted) for field, text in said.items()})


def phrases() -> dict[str, Phrase]:
    """How everything is said that a comparison may hold, by field."""
    return {phrase.field: phrase for phrase in (*EstimateQuestion.phrases(), *CompareQuestion.phrases())}


def sheet_about(text: str) -> Sheet:
    """A comparison to fill in; what is not understood stands in the option's own words."""
    try:
        return sheet_of(CompareQuestion.from_text(text))
    except QuestionError:
        return _as_typed([part for part in VERSUS.split(text.strip()) if clean(part)])


def sheet_of(about: CompareQuestion) -> Sheet:
    """Everything that a comparison says."""
    required = {field: _written(field, value) for field in REQUIRED if (value := getattr(about, field)) is not None}
    return _numbered([_entry(option) for option in about.options], required=required, **_where(about.channel))


def _as_typed(parts: Sequence[str]) -> Sheet:
    entries: list[Entry] = []
    required: dict[str, str] = {}
    for part in parts:
        entry, needs = _understood(part)
        if any(required.get(field, text) != text for field, text in needs.items()):
            entry, needs = Entry(id=0, more=clean(part)), {}
        entries.append(entry)
        required |= needs
    return _numbered(entries[:MOST], required=required, lines="\n".join(parts[MOST:]))


def _understood(part: str) -> tuple[Entry, dict[str, str]]:
    """An option, and what its words require of all of them."""
    try:
        values = scan(part, list(phrases().values()))
        needs = {field: _written(field, values.pop(field)) for field in REQUIRED if field in values}
        return _entry(EstimateQuestion.make(values)), needs
    except QuestionError:
        return Entry(id=0, more=clean(part)), {}


def _entry(option: EstimateQuestion) -> Entry:
    """An option: its selects, and the rest as one would type it."""
    cards = f"{option.gpus} gpus" if option.gpus else ""
    rest = option.model_copy(update=dict.fromkeys((*SELECTS, "channel"))).said()
    return Entry(
        id=0,
        model_size=option.model_size or "",
        hardware_type=option.hardware_type or "",
        more=", ".join(filter(None, (cards, rest))),
    )


def _written(field: str, value: Any) -> str:
    return phrases()[field].quantity.write(value)


def _where(channel: str | None) -> Mapping[str, str]:
    """Who sees the answer, as the form has it."""
    if channel is None:
        return {"choice": "me"}
    return {"choice": "here"} if channel == "here" else {"choice": "other", "channel": channel}


def _numbered(entries: Sequence[Entry], **more: Any) -> Sheet:
    """The options with their ids, and empty ones until there are two."""
    blank = [Entry(id=0)] * (FEWEST - len(entries))
    found = [one.model_copy(update={"id": number}) for number, one in enumerate([*entries, *blank], 1)]
    return Sheet(entries=tuple(found), made=len(found), **more)
