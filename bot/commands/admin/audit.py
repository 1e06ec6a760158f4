"""`audit`: who changed, removed, exported, erased and allowed what in the workspace; for its admins."""

import re
from typing import ClassVar, Self

from pydantic import Field

from bot.desk.command import Command
from bot.desk.desk import Desk
from bot.desk.question import Question
from bot.language.cleaning import clean
from bot.language.shared_words import PAGE_WORDS
from bot.reply import Message
from bot.views.admin.audit import Shown, audit_view
from calculator.errors import QuestionError

PAGE = 15
PERSON = re.compile(r"<@([A-Z0-9]+)(?:\|[^>]*)?>")


class AuditQuestion(Question):
    """Who changed what?"""

    word: ClassVar[str] = "audit"

    person: str = ""
    """Whose changes; everyone's where empty."""
    about: str = ""
    """Of what: `deployment support-bot`, `schedule 3`, `prices`, `privacy`."""
    page: int = Field(1, ge=1, le=100_000)
    """Which page of the list."""

    @classmethod
    def from_text(cls, text: str) -> Self:
        """`[@person] [what] [page N]`, in any order."""
        words, page = clean(text), 1
        if found := PAGE_WORDS.search(words):
            words, page = words[: found.start()], int(found[1])
        people = PERSON.findall(words)
        if len(people) > 1:
            raise QuestionError("audit", "Name one person, such as `audit @ada`, or nobody for everyone.")
        return cls.make({"person": "".join(people), "about": " ".join(PERSON.sub(" ", words).split()), "page": page})

    def __str__(self) -> str:
        page = f"page {self.page}" if self.page > 1 or PAGE_WORDS.search(self.about) else ""
        return " ".join(filter(None, (self.word, self.person and f"<@{self.person}>", self.about, page)))


def answer(question: AuditQuestion, desk: Desk) -> Message:
    """One page of the audit, newest first."""
    start = (question.page - 1) * PAGE
    found = desk.privacy.audit(question.person, question.about, limit=PAGE + 1, offset=start)
    if question.page > 1 and not found:
        raise QuestionError(
            "page", f"There is no page {question.page}. `{question.model_copy(update={'page': 1})}` is the first."
        )
    older = str(question.model_copy(update={"page": question.page + 1})) if len(found) > PAGE else ""
    newer = str(question.model_copy(update={"page": question.page - 1})) if question.page > 1 else ""
    return audit_view(
        found[:PAGE], Shown(person=question.person, about=question.about, page=question.page, newer=newer, older=older)
    )


AUDIT = Command(
    AuditQuestion,
    answer,
    "Who changed, removed, exported or allowed what, newest first; for workspace admins.",
    ("audit", "audit deployment support-bot", "audit prices", "audit page 2"),
)
