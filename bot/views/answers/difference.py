"""Two answers held against each other: the figures before and now, and what they change by, in words."""

from bot.answers.decided import LETTERS
from bot.answers.kinds import AnyAnswer, BreakEvenAnswer, CompareAnswer, EstimateAnswer, HostedAnswer, OneAnswer
from bot.answers.shown import ShownAnswer
from bot.language.plain import clip
from bot.views.decisions.decision import sentence
from bot.views.estimates.verdict import judge
from bot.views.kit.format import count, percent, seconds, usd, usd_round
from calculator.estimates.estimate import Estimate

NO_DIFFERENCE = "nothing changed."
SAME = 0.005
"""A share by which a figure has not changed."""
TWICE = 2.0
WIDE = 60
BUSY, REQUEST = "Busy time per month", "Cost per request"
Figure = tuple[float | None, str]
"""The number, and how it is shown."""
Row = tuple[str, str, str, str]
"""What, before, now, and the change in words."""


def difference(before: AnyAnswer, now: AnyAnswer, letter: str | None = None) -> list[Row]:
    """Row by row: the verdict or the winner first, then the figures of the option that it is about."""
    judged = ("Winner" if isinstance(now, CompareAnswer) else "Verdict", _judged(before), _judged(now))
    old, new = _figures(option_of(before, letter)), _figures(option_of(now, letter))
    known = [name for name in old if old[name][1] != "–" or new[name][1] != "–"]
    if None not in {old[BUSY][0], new[BUSY][0]}:
        known.remove(REQUEST)  # it moves as busy time does
    rows = [(name, old[name], new[name]) for name in known]
    return [
        (*judged, "same" if judged[1] == judged[2] else "changed"),
        *((name, was[1], becomes[1], change(was[0], becomes[0])) for name, was, becomes in rows),
    ]


def change(before: float | None, now: float | None) -> str:
    """`35 % less`, `2.4 times as much`, `same`; nothing where one of them is not known."""
    if before is None or now is None or (before == 0 and now):
        return ""
    ratio = now / before if before else 1.0
    if abs(ratio - 1) <= SAME:
        return "same"
    if ratio >= TWICE:
        return f"{ratio:.1f} times as much"
    return f"{percent(abs(ratio - 1))} {'more' if ratio > 1 else 'less'}"


def in_words(rows: list[Row]) -> str:
    """`Fits as before; latency 35 % less, memory 48 % less.`"""
    (_, was, now, judged), *figures = rows
    verdict = f"{now} as before" if judged == "same" else f"“{was}” becomes “{now}”"
    moved = [f"{name[0].lower()}{name[1:]} {words}" for name, _, _, words in figures if words not in {"", "same"}]
    return f"{verdict}; {', '.join(moved) or 'no figure changes'}."


def _judged(answer: AnyAnswer) -> str:
    """The verdict of an estimate, the winner of a decision."""
    if isinstance(answer, EstimateAnswer):
        return judge(answer)[1]
    if isinstance(answer, HostedAnswer):
        return "Hosted"
    if isinstance(answer, BreakEvenAnswer):
        from bot.views.decisions.break_even import verdict  # noqa: PLC0415  # rarely asked

        return verdict(answer)[1]
    winner = answer.decision.winner
    return clip(f"{winner.option.name}: {winner.option.label}", WIDE) if winner else sentence(answer)[0]


def option_of(answer: AnyAnswer, letter: str | None) -> OneAnswer:
    """The option whose figures are shown: the one that changed, else the one to take or the closest; one's own hardware."""
    if isinstance(answer, BreakEvenAnswer):
        return answer.own
    if not isinstance(answer, CompareAnswer):
        return answer
    first = answer.decision.winner or answer.decision.ranked[0]
    return answer.options[LETTERS.index(letter or first.option.name)]


def _figures(option: OneAnswer) -> dict[str, Figure]:
    """The figures that are held against each other."""
    if isinstance(option, EstimateAnswer):
        return _on_hardware(option.estimate)
    best = option.offers[0] if option.offers else None
    none: Figure = (None, "–")
    return {
        "Latency": none,
        "Tokens per second": none,
        "Memory": none,
        "Kept per month": _figure(best.monthly_cost if best else None, usd_round),
        BUSY: none,
        REQUEST: _figure(best.cost_per_request if best else None, usd),
    }


def _on_hardware(result: Estimate) -> dict[str, Figure]:
    latency, memory, cost = result.latency, result.memory, result.cost
    kept = cost.provisioned.monthly_cost if cost.provisioned else None
    used = f"{memory.total_memory_gb:,.1f} of {memory.label_gb:g} GB"
    return {
        "Latency": _figure(latency.total_latency_seconds, seconds),
        "Tokens per second": _figure(latency.tokens_per_second, count),
        "Memory": (memory.total_memory_gb, used),
        "Kept per month": _figure(kept, usd_round),
        BUSY: _figure(cost.monthly_cost, usd_round),
        REQUEST: _figure(cost.cost_per_request, usd),
    }


def _figure(value: float | None, show: "object") -> Figure:
    return value, "–" if value is None else show(value)  # type: ignore[operator]


def difference_line(old: ShownAnswer, new: ShownAnswer) -> str:
    """The figures that differ, old and new; or that nothing does."""
    if len(old.figures) != len(new.figures):
        return "the question was understood differently"
    several = len(new.figures) > 1
    found = [
        f"{letter + ': ' if several else ''}{text}"
        for letter, before, after in zip(LETTERS, old.figures, new.figures, strict=False)
        if (text := _of_figures(before, after))
    ]
    return "; ".join(found) or NO_DIFFERENCE


def _of_figures(before: dict[str, str], after: dict[str, str]) -> str:
    names = dict.fromkeys((*before, *after))
    differ = [name for name in names if before.get(name) != after.get(name)]
    return ", ".join(f"{name} {before.get(name, '–')} → {after.get(name, '–')}" for name in differ)
