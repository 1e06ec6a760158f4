"""What a tracked deployment is, as people say it: a name, a question, a budget, tags; and its terms, priced."""

import re
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Self

from pydantic import Field

from bot.answers.kinds import HostedAnswer, OneAnswer
from bot.commands.estimates.estimate_question import EstimateQuestion
from bot.commands.estimates.resolve import resolve
from bot.desk.question import Question
from bot.language.cleaning import clean
from bot.language.grammar import scan
from bot.language.phrases import Phrase
from bot.language.quantities import Quantity, UnreadableError, choice
from bot.language.shared_words import BUDGET, LARGEST, MOMENT
from bot.views.estimates.price import price_line
from bot.views.estimates.verdict import name_of
from calculator.errors import QuestionError
from calculator.spending.terms import Terms, hosted_terms, terms_of
from calculator.team.own import Own

NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,59}")
TAG = r"[A-Za-z][\w-]{0,39}=[^\s,=]{1,60}"


def _read_tags(text: str) -> dict[str, str]:
    if text.strip().lower() == "none":
        return {}
    if not re.fullmatch(rf"{TAG}(?:[\s,]+{TAG})*", text.strip(), re.IGNORECASE):
        raise UnreadableError(f"“{text.strip()}” is not a list of tags: write team=search cost-centre=R42")
    return dict(pair.split("=", 1) for pair in re.findall(TAG, text))


def write_tags(tags: dict[str, str]) -> str:
    """`team=search cost-centre=R42`; `none` where there are none."""
    return " ".join(f"{name}={value}" for name, value in tags.items()) or "none"


TAGS = Quantity("tags", rf"(?:none(?![\w=])|{TAG}(?:[\s,]+{TAG})*)", _read_tags, write_tags, "team=search")
PRICE = choice(
    "a choice of price",
    {"pinned": ("pinned price", "price pinned", "fixed price"), "floating": ("floating price", "price floating")},
)


class Plan(Question):
    """A deployment as it is tracked."""

    name: str
    """What you call it: letters, digits, dots and dashes."""
    about: EstimateQuestion
    """What it is, as you would ask about it."""
    budget_usd: Annotated[
        Decimal | None, Phrase(BUDGET, "budget {}", "budget of {}", "monthly budget {}", names=("budget",))
    ] = Field(None, ge=0, le=LARGEST)
    """Dollars a calendar month; 0 for none."""
    price: Annotated[str | None, Phrase(PRICE, "{}")] = None
    """floating follows the price book (the default); pinned keeps today's price."""
    tags: Annotated[dict[str, str] | None, Phrase(TAGS, "tags {}", "tag {}", "tagged {}", names=("tags",))] = None
    """Team, cost centre and the like, for filters and exports."""
    since: Annotated[datetime | None, Phrase(MOMENT, "since {}", "running since {}")] = None
    """Since when it runs; from now on where nothing is said."""

    @classmethod
    def from_text(cls, text: str) -> Self:
        """`NAME: QUESTION, budget $500 a month, pinned, tags team=search`."""
        name, colon, rest = clean(text).partition(":")
        if not colon or not NAME.fullmatch(name.strip()):
            raise _no_name(name.strip(), colon)
        return cls.read(name.strip(), rest.strip())

    @classmethod
    def read(cls, name: str, rest: str, **more: Any) -> Self:
        """The plan of this name that the rest says."""
        own = cls.phrases()
        values = scan(rest, [*EstimateQuestion.phrases(), *own])
        values.pop("channel", None)
        mine = {phrase.field: values.pop(phrase.field) for phrase in own if phrase.field in values}
        return cls.make({"name": name, "about": EstimateQuestion.make(values), **mine, **more})

    def __str__(self) -> str:
        said = self.said()
        return f"{self.word} {self.name}: {self.about}{f', {said}' if said else ''}".strip()


def check_name(name: str) -> str:
    """The name; QuestionError where it is none."""
    if not NAME.fullmatch(name):
        raise _no_name(name, ":")
    return name


def _no_name(name: str, colon: str) -> QuestionError:
    example = "write for example `track support-bot: 7B on 2xL4 cloud aws 1000/h`"
    if not colon:
        return QuestionError("name", f"What is it called, and what is it? With a colon between: {example}.")
    return QuestionError("name", f"“{name[:80]}” is no name: use letters, digits, dots and dashes, and {example}.")


def priced(question: EstimateQuestion, own: Own) -> tuple[OneAnswer, Terms]:
    """The answer to the question, and the terms that follow from it."""
    answer = resolve(question.model_copy(update={"channel": None}), own)
    if not isinstance(answer, HostedAnswer):
        return answer, terms_of(answer.estimate, name_of(answer), price_line(answer))
    if not answer.offers:
        raise QuestionError("model_size", f"No price of {answer.model_name} is known, so its cost cannot be tracked.")
    return answer, hosted_terms(answer.offers[0], answer.workload, name_of(answer), answer.model_key)


def kept_text(answer: OneAnswer, terms: Terms, *, pinned: bool) -> str:
    """The question as it is kept: every default written out, and today's price where it is pinned."""
    if not pinned or terms.usd_per_gpu_hour is None:
        return answer.spelled_out
    question = EstimateQuestion.from_text(answer.spelled_out)
    stated = {
        "usd_per_gpu_hour": float(terms.usd_per_gpu_hour),
        "price_choice": None,
        "discount": None,
        "provider": None,
        "region": None,
    }
    return str(question.model_copy(update=stated))
