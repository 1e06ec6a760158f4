"""`accuracy [gpu|model|engine NAME]`: how far off the predictions were on measurements that were left out of the fit."""

from typing import ClassVar, Literal, Self

from bot.desk.command import Command
from bot.desk.desk import Desk
from bot.desk.question import Question
from bot.language.cleaning import clean
from bot.reply import Message
from bot.views.help.accuracy import overall_view, scope_view
from calculator.accuracy.scope import By, scope_of
from calculator.accuracy.table import committed
from calculator.catalog import find_architecture, find_engine, find_gpu
from calculator.errors import QuestionError

KINDS = {"gpu": ("card", "hardware", "accelerator", "on"), "model": (), "engine": ("with",)}


class AccuracyQuestion(Question):
    """How sure are the numbers?"""

    word: ClassVar[str] = "accuracy"

    by: Literal["", "gpu", "model", "engine"] = ""
    """gpu, model or engine; the whole where nothing is said."""
    name: str = ""
    """Which one."""

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Nothing, `gpu|model|engine NAME`, or a name alone."""
        typed = clean(text)
        if not typed:
            return cls()
        first, _, rest = typed.partition(" ")
        kind = next((key for key, others in KINDS.items() if first.lower() in {key, *others}), None)
        if kind is None:
            return cls.make({"by": _kind_of(typed), "name": typed})
        if not rest.strip():
            raise QuestionError(
                "accuracy", f"Which {kind}? Type `accuracy {kind} {_EXAMPLE[kind]}`, or `accuracy` alone."
            )
        _find(kind, rest)
        return cls.make({"by": kind, "name": rest.strip()})

    def __str__(self) -> str:
        return " ".join(filter(None, (self.word, self.by, self.name)))


_EXAMPLE = {"gpu": "H100", "model": "llama-3.1-70b", "engine": "vllm"}


def _find(by: str, name: str) -> str:
    """The catalog's key. QuestionError with suggestions where it knows no such name."""
    if by == "gpu":
        return find_gpu(name).spec.key
    return find_architecture(name).spec.key if by == "model" else find_engine(name).key


def _kind_of(name: str) -> str:
    """What a name alone names."""
    for by in KINDS:
        try:
            _find(by, name)
        except QuestionError:
            continue
        return by
    raise QuestionError(
        "accuracy",
        f"No accelerator, model or engine is called “{name}”. Type `accuracy gpu H100`, or `accuracy` alone.",
    )


def answer(question: AccuracyQuestion, desk: Desk) -> Message:
    """The whole table, or the lines of one card, model or engine."""
    by: By | Literal[""] = question.by
    if not by:
        return overall_view(committed(), desk.command)
    return scope_view(scope_of(committed(), by, _find(by, question.name)), committed(), desk.command)


ACCURACY = Command(
    AccuracyQuestion,
    answer,
    "How far off the predictions were on measurements that they had not seen.",
    ("accuracy", "accuracy gpu H100", "accuracy model llama-3.1-70b", "accuracy engine vllm"),
)
