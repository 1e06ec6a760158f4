"""`what if cheaper`, `what if faster`: the changes that are tried, and the one that helps most while all limits hold."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from bot.answers.kinds import EstimateAnswer, OneAnswer
from bot.commands.decisions.deciding import at_hours, load_of, option_of
from bot.commands.decisions.wanted import Wanted
from bot.commands.decisions.what_if_variants import HARDWARE, PRICE
from bot.commands.estimates.estimate_question import EstimateQuestion
from bot.commands.estimates.resolve import resolve
from calculator.decisions.criteria import criteria_of
from calculator.errors import QuestionError
from calculator.estimates.variants import Change, larger, narrower, narrower_cache, wider
from calculator.specs.deployment import Deployment
from calculator.specs.precision import word_of
from calculator.team.own import Own

Wish = Literal["cheaper", "faster"]
WORTH = 0.99
"""A change counts where it leaves at most this share."""
NOTHING: Mapping[str, Any] = MappingProxyType({})


class Step(NamedTuple):
    """A change that helps: in words, and the question that it makes."""

    words: str
    question: EstimateQuestion


class Found(NamedTuple):
    """What came of looking."""

    best: Step | None
    tried: int


def look(wish: Wish, question: EstimateQuestion, before: OneAnswer, wanted: Wanted | None, own: Own) -> Found:
    """The change that lowers the kept cost or the latency most; of equal ones the smallest."""
    limit = (_measure(wish, before) or 0.0) * WORTH
    best, tried = None, 0
    for step in _steps(wish, question, before):
        tried += 1
        amount = _amount(wish, step.question, wanted, own)
        if amount is not None and amount < limit:
            best, limit = step, amount * WORTH
    return Found(best, tried)


def _amount(wish: Wish, question: EstimateQuestion, wanted: Wanted | None, own: Own) -> float | None:
    """What the changed question comes to; None where it cannot be, or does not meet everything."""
    try:
        asked, load = (at_hours(question, wanted), load_of(wanted)) if wanted else (question, NOTHING)
        answer = resolve(asked, own, load)
    except QuestionError:  # such as a split that does not divide the heads
        return None
    needs = (wanted or Wanted()).requirements
    works = all(criterion.met is not False for criterion in criteria_of(option_of(answer, ""), needs))
    return _measure(wish, answer) if works else None


def _measure(wish: Wish, answer: OneAnswer) -> float | None:
    if wish == "cheaper":
        return option_of(answer, "").monthly_usd
    return answer.estimate.latency.total_latency_seconds if isinstance(answer, EstimateAnswer) else None


def _steps(wish: Wish, question: EstimateQuestion, before: OneAnswer) -> Iterator[Step]:
    """From small to large: provider, cache, weights, batch, fewer cards, more of them, larger ones."""
    if not isinstance(before, EstimateAnswer):
        if question.provider:
            yield Step("the cheapest provider", question.model_copy(update={"provider": None, "region": None}))
        return
    d = before.estimate.deployment
    if before.estimate.deployment_mode != "local" and question.price_choice != "cheapest":
        cheapest = dict.fromkeys(PRICE) | {"price_choice": "cheapest", "discount": question.discount}
        yield Step("the cheapest provider", question.model_copy(update=cheapest))
    for words, changed in (*narrower_cache(d), *narrower(d)):
        yield Step(words, _as_asked(question, d, changed))
    if question.batch_size and wish == "faster":
        yield from (
            Step(f"batch {size}", question.model_copy(update={"batch_size": size}))
            for size in _halves(question.batch_size)
        )
    for words, changed in (*_fewer_of_all(d), *wider(d), *larger(d)):
        yield Step(words, _as_asked(question, d, changed))


def _fewer_of_all(d: Deployment) -> Iterator[Change]:
    """Fewer cards: of these, with these weights or narrower ones, and of larger ones."""
    yield from _fewer(d, "")
    for words, changed in narrower(d):
        yield from _fewer(changed, f"{words} on ")
    for _, changed in larger(d):
        yield from _fewer(changed, "")


def _fewer(d: Deployment, before: str) -> Iterator[Change]:
    """The same in fewer copies, or split over fewer cards, the most cards first."""
    splits = [(d.tp, count) for count in range(d.replicas - 1, 0, -1)]
    tp = d.tp
    while tp > 1:
        tp //= 2
        splits += [(tp, count) for count in range(d.replicas, 0, -1)]
    for split, count in splits[:16]:
        if d.model.num_attention_heads % split == 0:
            fewer = d.model_copy(update={"tp": split, "replicas": count})
            yield f"{before}{fewer.gpus}x {d.gpu.display_name}", fewer


def _halves(size: int) -> Iterator[int]:
    while size > 1:
        size //= 2
        yield size


def _as_asked(question: EstimateQuestion, before: Deployment, d: Deployment) -> EstimateQuestion:
    """The deployment as one would ask for it; on other cards at the price there."""
    moved = d.gpu is not before.gpu
    update: dict[str, Any] = dict.fromkeys(HARDWARE) if moved else {}
    update |= {
        "hardware_type": d.gpu.key if moved else question.hardware_type,
        "gpus": d.gpus,
        "tp": d.tp,
        "pp": d.pp if d.pp > 1 else None,
        "replicas": d.replicas,
    }
    if d.precision is not before.precision:
        update["precision"] = word_of(d.precision)
    if d.kv_precision != before.kv_precision:
        update["kv_cache"] = d.kv_precision
    return question.model_copy(update=update)
