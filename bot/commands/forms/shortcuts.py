"""Slack's shortcuts: the form that each opens, filled in from the message that it was chosen on."""

import re
from collections.abc import Mapping
from typing import Any

from bot.commands import read
from bot.commands.decisions.ask_again import Asked
from bot.commands.decisions.break_even_question import BreakEvenQuestion
from bot.commands.forms.form import FormQuestion
from bot.commands.forms.prose import gleaned
from bot.desk.registry import SHORTCUTS
from bot.language.cleaning import clean
from calculator.errors import QuestionError

RERUN = re.compile(r"rerun (\d{1,9})")
ADDRESSED = re.compile(r"<@[^>]+>|^\s*/[a-z0-9_-]+(?=\s)", re.IGNORECASE)
"""A mention, or the command's name, which are no part of a question."""
LONGEST = 2000


def asked_by(body: Mapping[str, Any]) -> FormQuestion:
    """The form that a shortcut asks for."""
    word, message = SHORTCUTS[body["callback_id"]].words[0], body.get("message") or {}
    if number := number_in(message):
        return FormQuestion(about=f"{word} #{number}".strip())
    text = clean(ADDRESSED.sub(" ", message.get("text") or ""))[:LONGEST]
    if not text or message.get("app_id", "") == body.get("api_app_id"):
        return FormQuestion(about=word)
    if found := _question_in(ADDRESSED.sub(" ", message["text"])):
        return FormQuestion(about=f"{word} {_sides(found)}" if word else _sized(found))
    return _from_prose(word, text)


def number_in(message: Mapping[str, Any]) -> int | None:
    """The number of the answer that a message of ours shows; who may see that answer is checked when it is read."""
    elements = (one for block in message.get("blocks") or () for one in block.get("elements") or ())
    typed = (one.get("value") or "" for one in elements if one.get("action_id") == "rerun")
    found = next(filter(None, map(RERUN.fullmatch, typed)), None)
    return int(found[1]) if found else None


def _question_in(text: str) -> Asked | None:
    """The question that the whole message is, where it is one that a form holds."""
    try:
        found = read(text)
    except QuestionError:
        return None
    return found if isinstance(found, Asked) else None


def _sides(found: Asked) -> str:
    """What there is to compare in a question."""
    if isinstance(found, BreakEvenQuestion):
        return " vs ".join(str(side) for side in (found.about, found.against) if side)
    return str(found).removeprefix(f"{found.word} ").strip()


def _sized(found: Asked) -> str:
    return str(found.about if isinstance(found, BreakEvenQuestion) else found)


def _from_prose(word: str, text: str) -> FormQuestion:
    """What is understood of other words, with these words above the form; all of them in it where nothing is."""
    sides = gleaned(text)
    if word and not sides:
        return FormQuestion(about=f"{word} {re.sub(r'(?i)^compare ', '', text)}")
    about = " vs ".join(sides) if word else "".join(sides[:1])
    return FormQuestion(about=f"{word} {about}".strip(), message=text)
