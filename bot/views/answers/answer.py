"""An answer as a message: a verdict, one table, small print, buttons."""

import json
from typing import Any

from bot.answers.decided import LETTERS
from bot.answers.kinds import Answer, AnyAnswer, BreakEvenAnswer, CompareAnswer, EstimateAnswer, OneAnswer
from bot.answers.shown import ShownAnswer
from bot.language.plain import clip
from bot.reply import Block, Message
from bot.views.decisions.decision import cost_chart, criteria_rows, is_unsure, reasons, roles_line, sentence
from bot.views.estimates.details import details
from bot.views.estimates.price import price_line
from bot.views.estimates.rows import rows
from bot.views.estimates.verdict import MARKS, Level, Verdict, name_of, verdict
from bot.views.history.history import delete_button
from bot.views.kit.blocks import BUTTON_VALUE, actions, button, context, escape, fitting, preformatted, section, table
from bot.views.team.calibrations import rests_on

JSON_PIECE = 1500
CUT = "This is longer than one message holds. The rest is in the file of `history json`."


def shown_of(answer: AnyAnswer) -> ShownAnswer:
    """What is shown of an answer, and what is shown behind it."""
    if isinstance(answer, BreakEvenAnswer):
        from bot.views.decisions.break_even import shown_break_even  # noqa: PLC0415  # rarely asked

        return shown_break_even(answer)
    found = _verdict(answer)
    line = f"{MARKS[found.level]} *{escape(found.judgement)}.* {escape(found.sentence)}"
    options = answer.options if isinstance(answer, CompareAnswer) else (answer,)
    titled = [
        (f"{letter}: " if len(options) > 1 else "", option) for letter, option in zip(LETTERS, options, strict=False)
    ]
    return ShownAnswer(
        asked=answer.asked,
        compares=isinstance(answer, CompareAnswer),
        verdict=found.text,
        blocks=(section(line), *_explained(answer), _small_print(answer)),
        details=tuple(block for letter, option in titled for block in details(option, letter)),
        figures=tuple({what: figure for what, figure, _ in rows(option)} for option in options),
        data=answer.export(),
        decided=answer.decided,
    )


def answer_view(kept: ShownAnswer, *, number: int | None, notes: tuple[str, ...] = ()) -> Message:
    """The answer with what can be done next; `number` is its place in the history, None when it is not stored."""
    stored = [context(f"#{number}")] if number else []
    shown = fitting((*(section(note) for note in notes), *kept.blocks), CUT)
    blocks = (*shown, *stored, _buttons(kept, number))
    return Message(text=kept.verdict, blocks=blocks, data=kept.data | {"number": number})


def _table(answer: Answer) -> list[tuple[str, ...]]:
    if not isinstance(answer, CompareAnswer):
        return [("Figure", name_of(answer), "In detail"), *rows(answer)]
    columns = [{what: figure for what, figure, _ in rows(option)} for option in answer.options]
    names = list(dict.fromkeys(name for column in sorted(columns, key=len, reverse=True) for name in column))
    head = (
        "Figure",
        *(f"{letter}: {name_of(option)}" for letter, option in zip(LETTERS, answer.options, strict=False)),
    )
    figures = ((name, *(column.get(name, "–") for column in columns)) for name in names if name != "Verdict")
    return [head, *criteria_rows(answer), *figures]


def _verdict(answer: Answer) -> Verdict:
    """The line that a manager reads."""
    if not isinstance(answer, CompareAnswer):
        return verdict(answer)
    judgement, behind = sentence(answer)
    return Verdict(_level(answer), judgement, behind)


def _level(answer: CompareAnswer) -> Level:
    winner = answer.decision.winner
    return "bad" if winner is None else "warning" if is_unsure(winner) else "good"


def _explained(answer: Answer) -> list[Block]:
    """A decision's reasons before its figures; an estimate's figures before what to change."""
    figures = table(_table(answer))
    if isinstance(answer, CompareAnswer):
        return [*roles_line(answer), *reasons(answer), figures, *cost_chart(answer)]
    return [figures, *_advice(answer)]


def _advice(answer: OneAnswer) -> list[Block]:
    """What to change, where anything is worth changing."""
    if isinstance(answer, EstimateAnswer) and answer.estimate.compatibility.recommendations:
        return [section("\n".join(f"• {escape(text)}" for text in answer.estimate.compatibility.recommendations))]
    return []


def _small_print(answer: Answer) -> Block:
    options = answer.options if isinstance(answer, CompareAnswer) else (answer,)
    asked = f"Asked: {escape(clip(answer.asked, 900))}"
    notes = dict.fromkeys(note for option in options for note in option.notes)
    understood = f"Understood: {escape('; '.join(notes))}" if notes else ""
    told = dict.fromkeys(line for option in options for line in option.told)
    defaults = f"Defaults: {escape('; '.join(told))}" if told else ""
    prices = dict.fromkeys(text for option in options if (text := price_line(option)))
    assumed = dict.fromkeys(text for option in options if (text := _assumed(option)))
    ours = dict.fromkeys(text for option in options if (text := _own(option)))
    return context(
        asked,
        understood,
        defaults,
        *list(ours)[:3],
        *(f"Price: {escape(text)}" for text in list(prices)[:3]),
        *list(assumed)[:3],
    )


def _own(option: OneAnswer) -> str:
    """The team's own measurements behind the speed."""
    return rests_on(option.estimate.correction) if isinstance(option, EstimateAnswer) else ""


def _assumed(option: OneAnswer) -> str:
    """The defaults that were filled in for what was not said."""
    assumptions = option.estimate.assumptions if isinstance(option, EstimateAnswer) else option.assumptions
    filled = [item for item in assumptions if "say for example" in item.why or "say `" in item.why]
    return (
        "Assumed: " + "; ".join(f"{item.name} {item.value} ({escape(item.why)})" for item in filled) if filled else ""
    )


def _buttons(kept: ShownAnswer, number: int | None) -> Block:
    """What can be done next; each button types a command."""
    crossing = kept.decided.kind == "break-even"
    return actions(
        button("Share to channel", "share", f"share {number}", style="primary") if number else None,
        None if crossing else _asking("Edit", "edit", kept.asked, f"#{number}" if number else ""),
        button("What if…", "whatif", f"form whatif {number}") if number else None,
        button("Re-run", "rerun", f"rerun {number}") if number else None,
        None
        if kept.compares
        else _asking(
            "Compare with…", "compare", f"compare {kept.asked}", f"compare #{number}" if number else "compare"
        ),
        _break_even(kept),
        None if kept.compares else _asking("Track…", "track", f"track {kept.asked}"),
        button("Details", "details", f"details {number}") if number else None,
        button("Export…", "export", f"export {number}") if number else None,
    )


def _break_even(kept: ShownAnswer) -> Block | None:
    """Holds a deployment on hardware against a service, where the question fits a button."""
    value = f"break-even {kept.asked}"
    fits = kept.decided.kind == "estimate" and len(value) <= BUTTON_VALUE
    return button("Break-even…", "break-even", value) if fits else None


def _asking(label: str, action: str, question: str, shorter: str = "") -> Block:
    """A button that opens a form with the question; where that is too long for a button, with the `shorter` one."""
    value = f"form {question}"
    return button(label, action, value if len(value) <= BUTTON_VALUE else f"form {shorter}".strip())


def json_view(data: dict[str, Any], number: int) -> Message:
    """The answer for programs, to copy; long ones are cut and say so."""
    text = json.dumps(data, indent=1, ensure_ascii=False)
    pieces = [text[start : start + JSON_PIECE] for start in range(0, len(text), JSON_PIECE)]
    blocks = fitting([section(f"*JSON of #{number}*"), *map(preformatted, pieces)], CUT)
    return Message(text=f"JSON of #{number}, to copy.", blocks=tuple(blocks), data=data)


def details_view(kept: ShownAnswer, number: int) -> Message:
    """Everything behind the answer: parts of memory, all costs, every assumption."""
    measured = None if kept.compares else _asking("Measured it?…", "calibrate", f"calibrate {kept.asked}")
    hosted = kept.decided.kind == "hosted"
    launch = None if hosted else button("Launch line", "launch", f"launch {number}")
    blocks = (*fitting(kept.details, CUT), actions(launch, measured, delete_button(number)))
    return Message(text=f"Details of #{number}: {kept.verdict}", blocks=blocks, data=kept.data | {"number": number})
