"""Follow-ups in a thread: what is said there is different from the thread's last question, without saying `what if`."""

import re
from typing import NamedTuple

from bot.commands import ASKED_WHAT_IF, names_a_command, read
from bot.commands.decisions.compare_question import CompareQuestion
from bot.commands.decisions.recommend_question import RecommendQuestion
from bot.commands.decisions.what_if_question import WhatIfQuestion
from bot.commands.estimates.estimate_question import EstimateQuestion
from bot.desk.desk import Desk
from bot.desk.question import Question
from bot.desk.records import StoredAnswer
from bot.desk.registry import ENTRY_OF
from bot.language.cleaning import MOST, clean
from bot.language.grammar import VERSUS
from calculator.errors import QuestionError

LEAD = re.compile(
    r"(?:(?:and|but|now|then|so|ok|okay|hm+|also|instead|try|(?:the )?same|what about|how about|rather)(?=[\s,:]|$)[\s,:]*)+",
    re.IGNORECASE,
)
"""What people say before what is different: `and with batch 16?`."""
TRAIL = re.compile(r"(?<![\s,])[\s,]+(?:instead|then|too|now|please)\s*$", re.IGNORECASE)
AGAINST = re.compile(
    r"(?:compare(?:\s+(?:it|this|that))?(?:\s+(?:with|to|against|vs\.?))?|vs\.?|versus|against)(?=[\s,:])[\s,:]*",
    re.IGNORECASE,
)
"""What begins a comparison with the thread's question: `vs 13B on A100`, `compare with 13B`."""


class Followed(NamedTuple):
    """A question that goes on from another."""

    question: Question
    base: StoredAnswer | None
    """What it inherits from; None where it names another answer."""


def follow(text: str, desk: Desk) -> Followed | None:
    """What `text` asks of the thread's last question; None where it stands alone, or there is nothing to go on from."""
    if len(text) > MOST:
        return None
    said = TRAIL.sub("", clean(text).rstrip(" ?.!,"))
    said = said[lead.end() :] if (lead := LEAD.match(said)) else said
    against = AGAINST.match(said)
    wondered = ASKED_WHAT_IF.match(said)
    if not said or (names_a_command(said) and not (against or wondered)):
        return None
    try:
        base = desk.answers.in_thread()
    except desk.cannot_store:
        return None
    question = _asked_of(base, said, against) if base else None
    named = isinstance(question, WhatIfQuestion) and question.number is not None
    return Followed(question, None if named else base) if question else None


def _asked_of(base: StoredAnswer, said: str, against: re.Match[str] | None) -> Question | None:
    if wondered := ASKED_WHAT_IF.match(said):
        said = said[wondered.end() :]
    rest = said[against.end() :] if against else said
    if VERSUS.search(rest):
        return _several(base, rest)
    if against:
        return _versus(base, rest)
    return None if not wondered and _stands_alone(said) else _different(said)


def _different(said: str) -> Question | None:
    """What is different; None where the ordinary reading knows better what is wrong with it."""
    try:
        return WhatIfQuestion.from_text(said)
    except QuestionError as error:
        if error.field == "change":
            raise
        return None


def _stands_alone(said: str) -> bool:
    """Whether it names a model and hardware, or what it is for and what that needs, and so asks for itself."""
    try:
        question = read(said)
    except QuestionError:
        return False
    if isinstance(question, EstimateQuestion):
        return bool(question.model_size and question.hardware_type)
    return isinstance(question, RecommendQuestion) and bool(question.about.use_case and question.said())


def _versus(base: StoredAnswer, rest: str) -> Question:
    """The thread's question with one option more; a break-even against another service."""
    word = base.question.partition(" ")[0]
    if word == "break-even":
        return WhatIfQuestion.from_text(rest)
    asked = base.spelled_out if word == "recommend" else base.question
    return CompareQuestion.from_text(f"{asked.removeprefix(CompareQuestion.word)} vs {rest}")


def _several(base: StoredAnswer, rest: str) -> Question | None:
    """`fp8 vs int4`: the thread's estimate in several ways; None where the options stand for themselves."""
    parts = VERSUS.split(rest)
    entry = ENTRY_OF.get(base.question.partition(" ")[0])
    if (entry and entry.decides) or any(map(_stands_alone, parts)):
        return None
    from bot.commands.decisions.what_if_variants import said_by, variant  # noqa: PLC0415  # rarely asked

    about = EstimateQuestion.from_text(base.question)
    options = [variant(about, said_by(WhatIfQuestion.from_text(part))) for part in parts]
    return CompareQuestion.from_text(" vs ".join(map(str, options)))
