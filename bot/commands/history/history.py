"""`history`: one's own answers and what was shared in this channel, newest first, searchable, and as a file."""

import re
from typing import ClassVar, Literal, Self

from pydantic import Field

from bot.desk.command import Command
from bot.desk.desk import Desk
from bot.desk.question import Question
from bot.language.cleaning import clean
from bot.language.shared_words import PAGE_WORDS
from bot.reply import File, Message
from bot.views.history.history import history_view

PAGE = 8
EXPORT = re.compile(r"^(?:export\s+)?(csv|json)$|^export$", re.IGNORECASE)


class HistoryQuestion(Question):
    """What was asked before?"""

    word: ClassVar[str] = "history"

    words: str = ""
    """Words that the question or the answer must hold."""
    page: int = Field(1, ge=1, le=100_000)
    """Which page of the list."""
    export: Literal["csv", "json"] | None = None
    """All of one's own answers as a file."""

    @classmethod
    def from_text(cls, text: str) -> Self:
        """`[words] [page N]`, or `csv` or `json` for a file."""
        words = clean(text)
        if export := EXPORT.match(words):
            return cls.make({"export": (export[1] or "csv").lower()})
        page = PAGE_WORDS.search(words)
        return cls.make(
            {"words": words[: page.start()].strip() if page else words, "page": int(page[1]) if page else 1}
        )

    def __str__(self) -> str:
        mistaken = not self.export and (EXPORT.match(self.words) or PAGE_WORDS.search(self.words))
        page = f"page {self.page}" if self.page > 1 or mistaken else ""
        return " ".join(filter(None, (self.word, self.export or self.words, page)))


def answer(question: HistoryQuestion, desk: Desk) -> Message:
    """One page of the list, or the file."""
    if question.export:
        content, number = desk.answers.export(question.export)
        name = f"inference-history.{question.export}"
        text = f"Your {number} stored answers are in `{name}`, in your direct messages with me."
        return Message(text=text, file=File(name=name, content=content), data={"file": name, "answers": number})
    items, more = desk.answers.search(question.words, limit=PAGE, offset=(question.page - 1) * PAGE)
    return history_view(items, words=question.words, page=question.page, more=more, command=desk.command)


HISTORY = Command(
    HistoryQuestion,
    answer,
    "Find earlier answers: yours, and what was shared in this channel.",
    ("history", "history llama H100", "history page 2", "history csv"),
)
