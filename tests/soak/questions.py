"""Random valid questions, one strategy per kind."""

from typing import get_args

from annotated_types import Ge, Gt, Le
from hypothesis import strategies as st

from bot.commands.base import Question
from bot.commands.catalog import CatalogQuestion
from bot.commands.compare_question import CompareQuestion
from bot.commands.estimate_question import EstimateQuestion
from bot.commands.form import FormQuestion
from bot.commands.help import HelpQuestion
from bot.commands.history import HistoryQuestion
from bot.commands.stored import STORED
from bot.grammar import clean
from calculator.catalog import gpu_keys, model_keys
from calculator.catalog.names import hosted_only_keys
from calculator.errors import QuestionError

SIZES = ("7B", "13b", "70 B")
MODELS = st.sampled_from([*model_keys(), *hosted_only_keys(), *SIZES])
HARDWARE = st.sampled_from(list(gpu_keys()))
CHANNELS = st.one_of(st.just("here"), st.from_regex(r"C[A-Z0-9]{8}", fullmatch=True))
TYPED = st.text(max_size=40).map(clean)
NUMBERS = st.integers(1, 999_999_999)


def _values(field: str) -> st.SearchStrategy:
    """The values of a field, from its type and bounds, or from its words."""
    phrase = next(phrase for phrase in EstimateQuestion.phrases() if phrase.field == field)
    if phrase.quantity.words:
        return st.sampled_from(phrase.quantity.words)
    info = EstimateQuestion.model_fields[field]
    metadata = [*info.metadata, *(item for kind in get_args(info.annotation) for item in _inside(kind))]
    low, high = _bound(metadata, (Ge, Gt), 0), _bound(metadata, (Le,), 10**12)
    if int in get_args(info.annotation):
        return st.integers(int(low), int(high))
    return st.floats(low, high, exclude_min=any(isinstance(one, Gt) for one in metadata), allow_subnormal=False)


def _inside(kind: object) -> list[object]:
    return [bound for item in getattr(kind, "__metadata__", ()) for bound in getattr(item, "metadata", [item])]


def _bound(metadata: list[object], kinds: tuple[type, ...], default: float) -> float:
    found = [getattr(one, type(one).__name__.lower()) for one in metadata if isinstance(one, kinds)]
    return found[0] if found else default


NAMED = {"model_size": MODELS, "hardware_type": HARDWARE, "channel": CHANNELS}
FIELDS = {name: NAMED[name] if name in NAMED else _values(name) for name in EstimateQuestion.model_fields}


@st.composite
def estimates(draw: st.DrawFn, names: tuple[str, ...] = tuple(FIELDS)) -> EstimateQuestion:
    """An estimate that says up to seven of the fields, and something at all."""
    said = draw(st.lists(st.sampled_from(names), min_size=1, max_size=7, unique=True))
    values = {name: draw(FIELDS[name]) for name in said}
    if "gpus" in values:
        values["hardware_type"] = draw(HARDWARE)
    if {"input_tokens", "output_tokens"} & set(values):
        values.pop("tokens", None)
    return EstimateQuestion(**values)


@st.composite
def comparisons(draw: st.DrawFn) -> CompareQuestion:
    """A comparison as its text reads: what an option leaves out is inherited."""
    plain = tuple(name for name in FIELDS if name != "channel")
    texts = [str(draw(estimates(plain))) for _ in range(draw(st.integers(2, 6)))]
    where = draw(st.sampled_from(["", ", in here", ", in <#C123>"]))
    return CompareQuestion.from_text(" vs ".join(texts) + where)


def _read(kind: type[Question], text: str) -> Question | None:
    try:
        return kind.from_text(text)
    except QuestionError:
        return None


def others() -> st.SearchStrategy:
    """The questions of every other command."""
    paged = st.builds(lambda words, page: f"{words} page {page}", TYPED, st.integers(0, 999))
    texts = st.one_of(TYPED, paged, st.sampled_from(["csv", "json", "export", "csv page 1", "page 3 page 1"]))
    kinds = st.sampled_from([FormQuestion, HelpQuestion, HistoryQuestion])
    typed = st.builds(_read, kinds, texts)
    listed = st.builds(
        lambda kind, rest: _read(CatalogQuestion, f"{kind} {rest}"),
        st.sampled_from(["gpus", "models", "prices"]),
        texts,
    )
    numbered = st.builds(lambda command, number: command.question(number=number), st.sampled_from(STORED), NUMBERS)
    return st.one_of(typed, listed, numbered).filter(lambda question: question is not None)
