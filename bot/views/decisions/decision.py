"""A decision as people argue with it: who wins and why, what each other option lacks, what would change it."""

from collections.abc import Iterator

from bot.answers.decided import LETTERS
from bot.answers.kinds import CompareAnswer
from bot.reply import Block
from bot.views.kit.blocks import escape, section
from bot.views.kit.chart import bar_chart
from bot.views.kit.format import percent, usd_round
from calculator.decisions.criteria import Criterion, Option
from calculator.decisions.decision import Judged

RELAXABLE = ("latency", "first token", "budget", "quality")
MARK = {True: "✓", False: "✗", None: "?"}
COMFORTABLE_PERCENT = 85
NEGLIGIBLE_WEIGHT = 0.005
TITLES = {
    "memory": "Memory",
    "latency": "Latency",
    "first token": "First token",
    "load": "Load",
    "quality": "Quality",
    "privacy": "Privacy",
    "availability": "Availability",
    "redundancy": "Redundancy",
    "budget": "Budget",
}


def sentence(answer: CompareAnswer) -> tuple[str, str]:
    """The judgement in two words, and the sentence behind it."""
    ranked, winner = answer.decision.ranked, answer.decision.winner
    if winner is None:
        closest = ranked[0]
        lacks = f"{closest.option.name} comes closest and {_lack(closest)}"
        flip = next((flip.change for flip in answer.flips if flip.name == closest.option.name), None)
        return "No option meets everything", f"{lacks}{f'; with {flip} it would' if flip else _relaxed(closest)}."
    if is_unsure(winner):
        return (
            "Nothing is sure to meet everything",
            f"{winner.option.name} {_doubtful(winner)}{_closest_known(answer)}.",
        )
    costs = [
        f"{one.option.name} {usd_round(one.option.monthly_usd)}"
        for one in ranked[1:]
        if one.works and one.option.monthly_usd and not is_unsure(one)
    ]
    others = f", {', '.join(costs)}" if costs else ""
    if winner.option.monthly_usd is None:
        return f"Take {winner.option.name}", f"{winner.option.label} meets everything; no price of it is known."
    least = "costs least to keep" if costs else "is the only one that does; to keep it costs"
    amount = usd_round(winner.option.monthly_usd)
    text = f"{least}: {amount} a month{others}" if costs else f"{least} {amount} a month"
    return f"Take {winner.option.name}", f"{winner.option.label} meets everything and {text}."


def roles_line(answer: CompareAnswer) -> list[Block]:
    """What each option was looked for as, and what was required because nothing else was said."""
    if not answer.roles:
        return []
    roles = " · ".join(f"*{letter}* {', '.join(found)}" for letter, found in zip(LETTERS, answer.roles, strict=False))
    filled = (
        f"\nTaken for granted, say otherwise to change it: {escape(', '.join(answer.filled))}." if answer.filled else ""
    )
    return [section(f"{roles}{filled}")]


def is_unsure(one: Judged) -> bool:
    """Whether nobody knows if it meets a limit. A quality that is not known is told, and decides nothing alone."""
    return any(criterion.name != "quality" for criterion in one.doubts)


def criteria_rows(answer: CompareAnswer) -> list[tuple[str, ...]]:
    """One row for each criterion: what is required, and what each option has."""
    by_name = {
        one.option.name: {criterion.name: criterion for criterion in one.criteria} for one in answer.decision.ranked
    }
    names = sorted(by_name)
    found = []
    for title_of, title in TITLES.items():
        cells = [by_name[name].get(title_of) for name in names]
        required = next((cell.required for cell in cells if cell), None)
        if required and title_of != "memory":
            found.append(
                (f"{title}: {required}", *(f"{MARK[cell.met]} {cell.found}" if cell else "–" for cell in cells))
            )
    return found


def reasons(answer: CompareAnswer) -> list[Block]:
    """The rationale of the winner, what the others lack, and how stable the choice is."""
    winner = answer.decision.winner
    blocks = []
    if winner:
        lines = [f"• {escape(line)}" for line in rationale(winner, answer)]
        blocks.append(section("\n".join([f"*Why {winner.option.name}*", *lines])))
    losers = [one for one in answer.decision.ranked if one is not winner]
    lines = [f"• *{one.option.name}* {escape(against(one, winner, answer))}" for one in losers]
    if lines:
        blocks.append(section("\n".join(["*Why not the others*" if winner else "*What each lacks*", *lines])))
    return blocks


def rationale(winner: Judged, answer: CompareAnswer) -> Iterator[str]:
    """What speaks for the winner, in the order in which it was decided."""
    option, found = winner.option, {criterion.name: criterion for criterion in winner.criteria}
    for name, what in (("latency", "latency"), ("first token", "the limit for the first token")):
        if (criterion := found.get(name)) and criterion.met:
            yield f"Meets {what} requirements ({criterion.found}, {criterion.required})"
    others = [
        one.option for one in answer.decision.ranked if one is not winner and one.works and one.option.monthly_usd
    ]
    if others and option.monthly_usd:
        yield _cost_reason(option, others)
    yield from _quality_reason(found.get("quality"))
    if option.estimate:
        memory, load = option.estimate.memory.memory_utilization_percent, option.estimate.load
        yield f"Memory fits{' comfortably' if memory < COMFORTABLE_PERCENT else ''} ({memory:.0f} %)"
        if load:
            yield f"Keeps up with {load.requests_per_hour:,.0f} requests per hour at {percent(load.utilization)} of its capacity"
    if option.mode == "local":
        yield "Runs on hardware of your own: nothing leaves the premises"
    yield _stability(answer)
    yield from _front(answer)


def _cost_reason(option: Option, others: list[Option]) -> str:
    second = others[0]
    mine, theirs = option.monthly_usd or 0, second.monthly_usd or 0
    if usd_round(mine) == usd_round(theirs):
        return f"Costs the same to keep as {second.name} ({usd_round(mine)} a month) and less in busy time"
    word = "Lower" if mine < theirs else "About the same"
    return f"{word} cost to keep ({usd_round(mine)} a month, {second.name} {usd_round(theirs)})"


def _quality_reason(criterion: Criterion | None) -> Iterator[str]:
    if criterion and criterion.met:
        yield f"Sufficient quality: published scores are {criterion.found}, {criterion.required} is wanted"
    elif criterion:
        yield f"Quality is unknown: {criterion.found}; {criterion.required} is wanted, so try it on your own prompts"


def _stability(answer: CompareAnswer) -> str:
    """How far the choice depends on how much cost weighs."""
    rivals = [rival for rival in answer.decision.rivals if rival.cost_weight >= NEGLIGIBLE_WEIGHT]
    if not rivals:
        return "However little cost weighs, no other option that meets everything performs better"
    return f"{rivals[0].name} performs better and would win if cost weighed less than {rivals[0].cost_weight:.2f} of the choice"


def _front(answer: CompareAnswer) -> Iterator[str]:
    """The options that nothing beats in both cost and performance, where that leaves some out."""
    front, working = answer.decision.pareto, [one for one in answer.decision.ranked if one.works and not one.doubts]
    if 1 < len(front) < len(working):
        *some, last = sorted(front)
        yield f"Nothing that is known to meet everything beats {', '.join(some)} and {last} in both cost and performance"


def _relaxed(one: Judged) -> str:
    """What to relax, and how far, where a limit alone is missed."""
    failed = [criterion for criterion in one.criteria if criterion.met is False]
    return f"; relax {failed[0].name} to {failed[0].found}" if len(failed) == 1 and failed[0].name in RELAXABLE else ""


def against(one: Judged, winner: Judged | None, answer: CompareAnswer) -> str:
    """What an option lacks beside the winner, and what would change that."""
    flip = next((flip for flip in answer.flips if flip.name == one.option.name), None)
    if one.works and winner and len(one.doubts) > len(winner.doubts):
        return _doubtful(one)
    if one.works and winner:
        text = f"meets everything, but {_dearer(one, winner)}"
        return f"{text}; it would win at {flip.change}" if flip else text
    would = "win" if flip and flip.wins else "meet everything"
    return (
        f"{_lack(one)}{f'; it would {would} with {flip.change}' if flip else '; no single change that was tried helps'}"
    )


def _doubtful(one: Judged) -> str:
    """`may do for $15.84 a month, but its latency is not known (the provider publishes none)`."""
    doubts = ", ".join(f"{criterion.name} is not known ({criterion.found})" for criterion in one.doubts)
    cost = f" for {usd_round(one.option.monthly_usd)} a month" if one.option.monthly_usd is not None else ""
    return f"may do{cost}, but its {doubts}"


def _closest_known(answer: CompareAnswer) -> str:
    """Of the options that are known to fail, the closest and what it lacks."""
    failing = [one for one in answer.decision.ranked if not one.works]
    return f"; of the others {failing[0].option.name} comes closest and {_lack(failing[0])}" if failing else ""


def _dearer(one: Judged, winner: Judged) -> str:
    mine, theirs = one.option.monthly_usd, winner.option.monthly_usd
    if mine is None:
        return "no price of it is known"
    if theirs and usd_round(mine) != usd_round(theirs) and mine > theirs:
        return f"costs {usd_round(mine)} a month to keep, {mine / theirs:.1f} times as much"
    return f"costs as much to keep and more in busy time ({usd_round(one.option.busy_usd)} a month)"


def _lack(one: Judged) -> str:
    """`misses the latency limit: 2.5 s, within 2 s`."""
    binding = one.binding
    assert binding is not None
    others = sum(criterion.met is False for criterion in one.criteria) - 1
    more = f" (and {others} more)" if others else ""
    if binding.name == "memory":
        return f"does not fit ({binding.found} of memory){more}"
    return f"fails on {binding.name}: {binding.found}, required {binding.required}{more}"


def cost_chart(answer: CompareAnswer) -> list[Block]:
    """What each option costs to keep, and its busy time; nothing where fewer than two have a price."""
    options = sorted((one.option for one in answer.decision.ranked), key=lambda option: option.name)
    priced = [option for option in options if option.monthly_usd is not None]
    if len(priced) < 2:
        return []
    series = {"Kept": [round(option.monthly_usd or 0, 2) for option in priced]}
    if all(option.busy_usd is not None for option in priced):
        series["Busy time"] = [round(option.busy_usd or 0, 2) for option in priced]
    return [bar_chart("Dollars a month", [option.name for option in priced], series)]
