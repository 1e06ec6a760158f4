"""What a `what if` changes, told before the new answer; and the form that asks one."""

from typing import NamedTuple

from bot.answers.kinds import AnyAnswer, EstimateAnswer, HostedAnswer
from bot.answers.shown import ShownAnswer
from bot.language.plain import spoken
from bot.reply import Block, Message
from bot.views.answers.answer import CUT, shown_of
from bot.views.answers.difference import NO_DIFFERENCE, Row, difference, difference_line, in_words, option_of
from bot.views.estimates.verdict import name_of
from bot.views.kit.blocks import actions, button, columns, context, escape, fitting, plain_text, preformatted, section
from bot.views.kit.form import modal


class Told(NamedTuple):
    """What the difference is about."""

    number: int
    """The answer that it was asked of."""
    change: str
    """What is different, as it was said."""
    how: str
    """What was taken, where it was looked for."""
    then: ShownAnswer
    """That answer as it was given; prices may have changed since."""


def what_if_view(message: Message, before: AnyAnswer, now: AnyAnswer, told: Told, letter: str | None) -> Message:
    """The new answer with the difference first; `letter` is the option that changed, where one was named.

    A message holds one table, which is the answer's: the difference is aligned text.
    """
    rows = difference(before, now, letter)
    end = 2 if message.data.get("number") else 1
    blocks = fitting((*_told(rows, before, now, told, letter), *message.blocks[:-end]), CUT)
    data = {
        "against": told.number,
        "change": told.change,
        "how": told.how,
        "difference": [dict(zip(("figure", "before", "now", "change"), row, strict=True)) for row in rows],
    }
    return message.model_copy(
        update={
            "text": spoken(f"What if {told.change}: {in_words(rows)} {message.text}"),
            "blocks": (*blocks, *message.blocks[-end:]),
            "data": message.data | {"what_if": data},
        }
    )


def _told(rows: list[Row], before: AnyAnswer, now: AnyAnswer, told: Told, letter: str | None) -> list[Block]:
    """The difference in words and figures, whose they are, and whether prices have changed meanwhile."""
    head = f"*What if {escape(told.change)}*, against #{told.number}: {escape(in_words(rows))}"
    how = f"\nTaken: {escape(told.how)}." if told.how else ""
    moved = difference_line(told.then, shown_of(before)) != NO_DIFFERENCE
    since = f"Prices, measurements or the catalog have changed since #{told.number}: “before” is computed anew."
    notes = [escape(_whose(before, now, letter)), since if moved else ""]
    small = [context(*notes)] if any(notes) else []
    return [section(head + how), preformatted(columns([("", "Before", "Now", "Change"), *rows])), *small]


def _whose(before: AnyAnswer, now: AnyAnswer, letter: str | None) -> str:
    """Whose figures they are, where there are several options."""
    if isinstance(now, EstimateAnswer | HostedAnswer):
        return ""
    was, becomes = name_of(option_of(before, letter)), name_of(option_of(now, letter))
    which = f" of option {letter}" if letter else ""
    return f"Figures{which}: {was}." if was == becomes else f"Figures{which}: before {was}, now {becomes}."


def nothing_helps(number: int, change_said: str, why: str) -> Message:
    """Nothing was found; what else can be asked."""
    text = f"What if {change_said}, against #{number}: {why}"
    ask = actions(button("What if…", "whatif", f"form whatif {number}"))
    return Message(text=text, blocks=(section(escape(text)), ask), data={"against": number, "found": None})


def what_if_form(number: str) -> Block:
    """One input: what is different."""
    element: Block = {
        "type": "plain_text_input",
        "action_id": "change",
        "placeholder": plain_text("fp8, on 2xL40S, 5000/h, cheaper"),
    }
    hint = (
        "As you would say it in a question: another model, hardware, precision, load or limit. `cheaper` and `faster` "
        "look for a change. For one option of a comparison: B on L40S."
    )
    what = f"What is different from #{number}?" if number else "What is different from your last answer here?"
    asked = {
        "type": "input",
        "block_id": "change",
        "label": plain_text(what),
        "hint": plain_text(hint, 2000),
        "element": element,
    }
    return modal("whatif", "What if…", [asked], subject=number)
