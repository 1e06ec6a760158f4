"""`privacy`: what is kept about someone, exported and erased; how long answers are kept; whether guests may ask."""

import re
from typing import ClassVar, Literal, Self

from pydantic import Field

from bot.desk.command import Command
from bot.desk.desk import Desk
from bot.desk.question import Question
from bot.language.cleaning import clean
from bot.reply import File, Message
from bot.views.admin.privacy import (
    About,
    ask_before_erasing,
    ask_before_keeping,
    erased,
    exported,
    guests_view,
    keep_view,
    privacy_view,
)
from calculator.errors import QuestionError

Part = Literal["show", "export", "erase", "keep", "guests"]
WORKSPACE = "workspace"
TEXT = re.compile(
    r"""(?P<part>export|erase)(?:\s+(?:(?P<workspace>workspace)|me|mine|<@(?P<person>[A-Z0-9]+)(?:\|[^>]*)?>))?(?P<sure>\s+yes)?
    |(?P<keep>keep)\s+(?:forever|(?P<number>\d{1,5})\s*(?P<unit>day|week|month|year)s?)(?P<certain>\s+yes)?
    |(?P<guests>guests)\s+(?P<rule>allow|refuse)(?:ed|d)?""",
    re.IGNORECASE | re.VERBOSE,
)
DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}
MOST_DAYS = 36_500
HOW = (
    "Write `privacy`, `privacy export`, `privacy erase`, or as a workspace admin `privacy export workspace`, "
    "`privacy erase workspace`, "
    "`privacy erase @person`, `privacy keep 180 days`, `privacy keep forever`, `privacy guests allow` or `privacy guests refuse`."
)


class PrivacyQuestion(Question):
    """What is kept about me, and how do I take it away or erase it?"""

    word: ClassVar[str] = "privacy"

    part: Part = "show"
    """What to do."""
    whose: str = ""
    """Of whom: the asker where empty, `workspace`, or a person's id."""
    days: int | None = Field(None, ge=1, le=MOST_DAYS)
    """How long answers are kept; None for as long as nobody deletes them."""
    allow: bool = False
    """Whether guests may ask."""
    sure: bool = False
    """`yes` erases; without it the question is asked back."""

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Nothing, or one of the parts with its own."""
        words = clean(text)
        said = TEXT.fullmatch(words)
        if not words:
            return cls()
        if not said or ((said["part"] or "").lower() == "export" and (said["person"] or said["sure"])):
            raise QuestionError("privacy", HOW)
        if said["guests"]:
            return cls(part="guests", allow=said["rule"].lower() == "allow")
        if said["keep"]:
            days = int(said["number"]) * DAYS[said["unit"].lower()] if said["number"] else None
            return cls.make({"part": "keep", "days": days, "sure": bool(said["certain"])})
        whose = WORKSPACE if said["workspace"] else (said["person"] or "").upper()
        return cls.make({"part": said["part"].lower(), "whose": whose, "sure": bool(said["sure"])})

    def __str__(self) -> str:
        whose = self.whose if self.whose in {"", WORKSPACE} else f"<@{self.whose}>"
        rest = {
            "show": "",
            "guests": f"guests {'allow' if self.allow else 'refuse'}",
            "keep": f"keep {f'{self.days} days' if self.days else 'forever'}",
        }.get(self.part, f"{self.part} {whose}")
        return " ".join(f"{self.word} {rest} {'yes' if self.sure else ''}".split())


def answer(question: PrivacyQuestion, desk: Desk) -> Message:
    """What is kept, or what became of it."""
    if question.part == "show":
        return _show(desk)
    if question.part == "guests":
        desk.rules.set_guests(allowed=question.allow)
        return guests_view(allowed=question.allow)
    return {"keep": _keep, "export": _export, "erase": _erase}[question.part](question, desk)


def _show(desk: Desk) -> Message:
    is_admin = desk.people.is_admin(desk.asker.user_id)
    about = About(
        person=desk.asker.user_id, keep_days=desk.rules.keep_days(), guests=desk.rules.guests(), is_admin=is_admin
    )
    return privacy_view(desk.privacy.counts(desk.asker.user_id), about, desk.command)


def _keep(question: PrivacyQuestion, desk: Desk) -> Message:
    """Answers that are too old go within the hour, so it is asked back where there are any."""
    days = question.days
    older = desk.privacy.older(days) if days and desk.people.is_admin(desk.asker.user_id) else 0
    if days and older and not question.sure:
        return ask_before_keeping(days, older, desk.command)
    desk.rules.set_keep_days(days)
    return keep_view(days, older)


def _person(question: PrivacyQuestion, desk: Desk) -> str:
    """Whose it is about, as the book takes it: empty for the workspace."""
    return "" if question.whose == WORKSPACE else question.whose or desk.asker.user_id


def _export(question: PrivacyQuestion, desk: Desk) -> Message:
    """A file for the asker's direct messages."""
    person = _person(question, desk)
    counts = desk.privacy.counts(person)
    name = "inference-workspace.json" if not person else "inference-my-data.json"
    return exported(counts, File(name=name, content=desk.privacy.export(person)), workspace=not person)


def _erase(question: PrivacyQuestion, desk: Desk) -> Message:
    """Erased for good; asked back first, with what goes, where `yes` was not said."""
    person = _person(question, desk)
    is_mine, counts, going = person == desk.asker.user_id, desk.privacy.counts(person), desk.privacy.going(person)
    if not question.sure:
        return ask_before_erasing(person, counts, going, desk.command, is_mine=is_mine)
    desk.privacy.erase(person)
    return erased(person, counts, going, is_mine=is_mine)


PRIVACY = Command(
    PrivacyQuestion,
    answer,
    "What I keep about you, who sees it and how long; take it away or erase it.",
    (
        "privacy",
        "privacy export",
        "privacy erase",
        "privacy export workspace",
        "privacy erase workspace",
        "privacy keep 180 days",
        "privacy keep forever",
        "privacy guests allow",
    ),
)
