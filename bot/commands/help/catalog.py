"""`catalog gpus|models|prices [words]`: what the calculator knows, with sources and dates."""

from typing import ClassVar, Literal, Self

from pydantic import Field

from bot.desk.command import Command
from bot.desk.desk import Desk
from bot.desk.question import Question
from bot.language.cleaning import clean
from bot.language.grammar import did_you_mean
from bot.language.shared_words import PAGE_WORDS
from bot.reply import Message
from bot.views.help.catalog import Listing, gpus_view, models_view, prices_view
from calculator.catalog import gpu, gpu_keys, hosted_model, model, model_keys, search
from calculator.catalog.names import hosted_only_keys
from calculator.catalog.price_book import price_book
from calculator.errors import QuestionError

PAGE = 24
KINDS = {"gpus": ("gpu", "hardware", "accelerators", "cards"), "models": ("model",), "prices": ("price",)}


class CatalogQuestion(Question):
    """What does the calculator know?"""

    word: ClassVar[str] = "catalog"

    kind: Literal["gpus", "models", "prices"] = "gpus"
    """gpus, models or prices."""
    words: str = ""
    """What to look for; everything where nothing is said."""
    page: int = Field(1, ge=1, le=1000)
    """Which page of the list."""

    @classmethod
    def from_text(cls, text: str) -> Self:
        """`gpus|models|prices [words] [page N]`."""
        kind, _, rest = clean(text).partition(" ")
        meant = next((key for key, others in KINDS.items() if kind.lower() in {key, *others}), None)
        if meant is None:
            hint = did_you_mean(kind, list(KINDS)) if kind else ""
            raise QuestionError(
                "catalog", f"Which part? Type `catalog gpus`, `catalog models` or `catalog prices`. {hint}".strip()
            )
        page = PAGE_WORDS.search(f" {rest}")
        words = f" {rest}"[: page.start()].strip() if page else rest.strip()
        return cls.make({"kind": meant, "words": words, "page": int(page[1]) if page else 1})

    def __str__(self) -> str:
        page = f"page {self.page}" if self.page > 1 or PAGE_WORDS.search(self.words) else ""
        return " ".join(filter(None, (self.word, self.kind, self.words, page)))


def answer(question: CatalogQuestion, desk: Desk) -> Message:  # noqa: ARG001  # every command is called alike
    """One page of the list."""
    keys = _keys(question)
    start = (question.page - 1) * PAGE
    shown = keys[start : start + PAGE]
    if not shown:
        raise QuestionError(
            "catalog",
            f"Nothing in the catalog's {question.kind} matches “{question.words}”. `catalog {question.kind}` lists all.",
        )
    turn = question.model_copy(update={"page": question.page + 1}) if len(keys) > start + PAGE else None
    listing = Listing(len(keys), str(turn) if turn else "")
    if question.kind == "models":
        return models_view([model(key) if key in model_keys() else hosted_model(key) for key in shown], listing)
    if question.kind == "prices":
        return prices_view([(gpu(key), price_book().cloud(key), price_book().offers(key)) for key in shown], listing)
    return gpus_view([gpu(key) for key in shown], listing)


def _keys(question: CatalogQuestion) -> list[str]:
    every = [*model_keys(), *hosted_only_keys()] if question.kind == "models" else list(gpu_keys())
    if not question.words:
        return every
    return [key for key, _ in search("models" if question.kind == "models" else "gpus", question.words, 100)]


CATALOG = Command(
    CatalogQuestion,
    answer,
    "The accelerators, models and prices that the calculator knows, with sources and dates.",
    ("catalog gpus", "catalog models qwen", "catalog prices H100"),
)
