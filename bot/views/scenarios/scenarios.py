"""The scenarios of a channel: listed, saved, replaced, removed, and what changed in one since the last time."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from bot.answers.shown import ShownAnswer
from bot.desk.records import Scenario
from bot.language.plain import clip
from bot.reply import Block, Message
from bot.views.answers.difference import difference_line
from bot.views.kit.blocks import BUTTON_VALUE, actions, button, context, escape, fitting, literal, section
from bot.views.kit.format import date as moment
from bot.views.kit.format import plural

CUT = "This is longer than one message holds; `--json` in the terminal shows all of it."
EXAMPLE = "scenario save support-chatbot: compare 7B on RTX4090 vs 13B on A100, 500 tokens, 1000 req/h, within 2s"
QUESTION = 600
"""Characters of a question that a list shows."""


class Page(NamedTuple):
    """A page among others."""

    total: int
    """Scenarios in all."""
    following: str
    """The question that shows the next page; empty on the last."""
    command: str


def title_of(saved: Scenario) -> str:
    """Its title; the name in words where none was given."""
    words = saved.name.replace("-", " ").replace("_", " ").strip()
    return saved.title or words[:1].upper() + words[1:]


def news_of(saved: Scenario, before: ShownAnswer | None, now: ShownAnswer) -> str:
    """Which scenario it is, and what changed since its last answer."""
    head = f"*{literal(title_of(saved))}*, scenario `{saved.name}`"
    about = f"\n{literal(saved.about)}" if saved.about else ""
    if before is None:
        return f"{head}{about}"
    return f"{head}{about}\n*Since {moment(saved.answered_at)}*: {escape(changed(before, now))}"


def changed(before: ShownAnswer, now: ShownAnswer) -> str:
    """The figures that differ, and the verdict as it was where it is another one now."""
    was = f"; it was: {before.verdict}" if before.verdict != now.verdict else ""
    return f"{difference_line(before, now)}{was}"


def saved_view(saved: Scenario, kept: ShownAnswer, *, replaced: bool) -> Message:
    """A channel has the scenario from now on: how it stands today."""
    news = "is replaced" if replaced else "is saved for this channel"
    text = f"Scenario {saved.name} {news}. {kept.verdict}"
    undo = f"scenario restore {saved.name}" if replaced else f"scenario remove {saved.name} yes"
    blocks = (
        section(f"*Scenario `{saved.name}` {news}.* {escape(clip(kept.verdict, 1500))}"),
        *([section(literal(saved.about))] if saved.about else []),
        context(
            f"Asked: {escape(clip(saved.question, 900))}",
            f"`scenario {saved.name}` asks it again and says what changed.",
        ),
        _after(saved.name, button("Undo", "undo", undo)),
    )
    return Message(
        text=clip(text, 3000), blocks=blocks, data={"saved": _data(saved), "replaced": replaced, "answer": kept.data}
    )


def _after(name: str, undo: Block | None) -> Block:
    return actions(
        button("Ask it now", "ask", f"scenario {name}", style="primary"),
        undo,
        button("All scenarios", "scenarios", "scenarios"),
    )


def ask_before_replacing(before: Scenario, asked: str, certain: str, command: str) -> Message:
    """Nothing is replaced by one word."""
    text = f"Replace scenario {before.name}?"
    lines = f"*{text}*\nNow: {escape(clip(before.question, 1000))}\nThen: {escape(clip(asked, 1000))}"
    short = len(certain) <= BUTTON_VALUE
    yes = [actions(button("Replace", "replace", certain, style="danger"))] if short else []
    hint = context(
        f"Or type the same with `yes` at its end{'' if ';' not in certain else ', behind a semicolon'}: "
        f"`{command} scenario save {before.name} … {'; ' if ';' in certain else ''}yes`."
    )
    return Message(text=text, blocks=(section(lines), *yes, hint), data={"replace": _data(before), "question": asked})


def ask_before_removing(saved: Scenario, command: str) -> Message:
    """Nothing is removed by one word."""
    text = f"Remove scenario {saved.name} from this channel?"
    yes = button("Remove", "remove", f"scenario remove {saved.name} yes", style="danger")
    hint = context(f"Or type `{command} scenario remove {saved.name} yes`.")
    lines = f"*{text}*\n{escape(clip(saved.question, 1000))}"
    return Message(text=text, blocks=(section(lines), actions(yes), hint), data={"remove": _data(saved)})


def removed_view(saved: Scenario) -> Message:
    """The scenario is gone from the channel; undo brings it back."""
    text = f"Scenario {saved.name} is removed."
    row = actions(
        button("Undo", "undo", f"scenario restore {saved.name}"), button("All scenarios", "scenarios", "scenarios")
    )
    return Message(text=text, blocks=(section(text), row), data={"removed": _data(saved)})


def restored_view(saved: Scenario) -> Message:
    """The scenario is as it was."""
    text = f"Scenario {saved.name} is back as it was."
    blocks = (section(f"{text}\n{escape(clip(saved.question, 1000))}"), _after(saved.name, None))
    return Message(text=text, blocks=blocks, data={"restored": _data(saved)})


def list_view(scenarios: Sequence[Scenario], page: Page) -> Message:
    """The scenarios of a channel, each with what can be done."""
    if not scenarios:
        text = "This channel has no scenarios yet. A comparison or a recommendation is saved under a name:"
        row = actions(button("See three of them", "reference", "scenario reference"))
        return Message(
            text=f"{text} {EXAMPLE}",
            blocks=(section(f"{text}\n`{page.command} {EXAMPLE}`"), row),
            data={"total": 0, "scenarios": []},
        )
    blocks = [section(f"*Scenarios of this channel*, {page.total} in all")]
    for saved in scenarios:
        blocks += _line(saved)
    row = actions(
        button("Report of all", "report", "scenario report", style="primary"),
        button("More", "more", page.following) if page.following else None,
    )
    text = f"{plural(page.total, 'scenario')} of this channel: {', '.join(saved.name for saved in scenarios)}"
    data = {"total": page.total, "scenarios": [_data(saved) for saved in scenarios]}
    return Message(text=clip(text, 3000), blocks=(*fitting(blocks, CUT), row), data=data)


def _line(saved: Scenario) -> list[Block]:
    by = f"<@{saved.user_id}>" if saved.user_id != "local" else "you"
    about = f"\n{literal(saved.about)}" if saved.about else ""
    text = f"*{literal(saved.name)}*  {literal(title_of(saved))}{about}\n{escape(clip(saved.question, QUESTION))}"
    return [
        section(f"{text}\nSaved {moment(saved.saved_at)} by {by}"),
        actions(
            button("Ask it now", f"ask-{saved.name}", f"scenario {saved.name}"),
            button("Remove", f"remove-{saved.name}", f"scenario remove {saved.name}"),
        ),
    ]


def _data(saved: Scenario) -> dict[str, Any]:
    """A scenario for programs."""
    return {
        "name": saved.name,
        "title": title_of(saved),
        "about": saved.about,
        "question": saved.question,
        "user_id": saved.user_id,
        "saved_at": saved.saved_at.isoformat(),
        "answered_at": saved.answered_at.isoformat(),
    }


def reconsidered_message(name: str, before: str, now: str) -> Message:
    """What is told in the channel when a scenario comes out differently at new prices."""
    text = f"Scenario {name} comes out differently at today's prices. {now}"
    blocks = (
        section(
            f"*Scenario {literal(name)}* comes out differently at today's prices.\n*Now*: {escape(now)}\n*Before*: {escape(before)}"
        ),
        actions(button("Ask it again", "scenario", f"scenario {name}"), button("Scenarios", "scenarios", "scenarios")),
    )
    return Message(text=text, blocks=blocks)
