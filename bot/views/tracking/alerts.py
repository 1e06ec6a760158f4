"""Alerts: the message that tells one, the list of what is raised, and where the bot may post."""

from collections.abc import Sequence

from bot.reply import Message
from bot.views.kit.blocks import actions, button, context, escape, literal, section
from calculator.spending.alerts import Raised

KINDS = {
    "budget-50": "half of the budget is used",
    "budget-80": "80 % of the budget is used",
    "budget-100": "the budget is used up",
    "forecast": "on its way over the budget",
    "jump": "the last day cost far more than usual",
    "silent": "no usage is seen",
    "ttft": "misses its limit for the first token",
    "latency": "misses its limit for the whole answer",
}


def alert_message(name: str, sentence: str, *, waited: bool) -> Message:
    """What is told in the channel when something is raised."""
    text = f"{name} {sentence}."
    late = [context("Held back until the quiet hours were over.")] if waited else []
    buttons = actions(button("Show it", "show", f"deployment {name}"), button("Alerts", "alerts", "alerts"))
    return Message(
        text=text, blocks=(section(f":rotating_light: *{literal(name)}* {escape(sentence)}."), *late, buttons)
    )


def alerts_view(raised: Sequence[tuple[str, Sequence[Raised]]], quiet: str, *, tracked: int) -> Message:
    """What is raised now."""
    lines = [f"• *{literal(name)}*: {', '.join(_said(one) for one in some)}" for name, some in raised]
    title = (
        f"*Alerts*: {len(lines)} of {tracked} deployments"
        if lines
        else f"*Alerts*: none, {tracked} deployments are watched."
    )
    waiting = (
        f"Alerts wait from {quiet}." if quiet else "No quiet hours: `alerts quiet 22:00-07:00 Europe/Berlin` sets them."
    )
    blocks = (
        section("\n".join([title, *lines])[:3000]),
        context(waiting, "Each is told once, in the channel where the deployment was tracked."),
    )
    data = {"alerts": {name: [one.kind for one in some] for name, some in raised}, "quiet": quiet}
    return Message(text=f"{len(lines)} of {tracked} deployments have alerts", blocks=blocks, data=data)


def _said(one: Raised) -> str:
    return f"{KINDS.get(one.kind, one.kind)}{f' ({one.period})' if one.period else ''}"


def channels_view(allowed: Sequence[str], only: Sequence[str]) -> Message:
    """Where the bot posts by itself, and where it may be asked."""
    posts = (
        f"I post summaries and alerts only in {_named(allowed)}."
        if allowed
        else "I post summaries and alerts wherever I am a member and asked to."
    )
    asked = f"I answer only in {_named(only)} and in direct messages." if only else "I answer wherever I am asked."
    how = "A workspace admin changes it: `channels allow #llm-costs`, `channels allow all`; `channels only #llm-costs`, `channels any`."
    return Message(
        text=f"{posts} {asked}",
        blocks=(section(f"{posts}\n{asked}"), context(how)),
        data={"channels": list(allowed), "only": list(only)},
    )


def _named(channels: Sequence[str]) -> str:
    return ", ".join(f"<#{one}>" for one in channels)
