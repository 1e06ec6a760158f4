"""Changes of a tracked deployment: asked about first, and who made which."""

from collections.abc import Sequence

from bot.desk.records import AuditLine
from bot.language.plain import clip
from bot.reply import Message
from bot.views.kit.blocks import actions, button, context, escape, literal, section
from bot.views.kit.format import date, plural


def asked_to_change(name: str, before: str, plan: str) -> Message:
    """There is one of that name: change it, or choose another name."""
    text = f"{name} is tracked already, as {before}. Change it from now on?"
    becomes = f"deployment {name} becomes {plan}"
    yes = button(
        "Change it", "becomes", becomes if len(becomes) <= 2000 else f"form deployment {name}", style="primary"
    )
    return Message(
        text=text,
        blocks=(
            section(
                f"*{literal(name)}* is tracked already, as {escape(before)}.\nChange it from now on to {escape(plan)}?"
            ),
            actions(yes, button("Show it", "show", f"deployment {name}")),
        ),
        data={"exists": name},
    )


def ask_before_retiring(name: str, command: str) -> Message:
    """Nothing is retired by one word."""
    text = f"Retire {name}? It leaves every summary from now on; what it cost stays on record, and `deployment {name} restore` brings it back."
    yes = button("Retire", "retire", f"deployment {name} retire yes", style="danger")
    return Message(
        text=text,
        blocks=(section(escape(text)), actions(yes), context(f"Or type `{command} deployment {name} retire yes`.")),
        data={"retire": name},
    )


def audit_view(name: str, changes: Sequence[AuditLine]) -> Message:
    """Who changed it, when, from what to what."""
    lines = [
        f"{date(one.changed_at)} <@{one.user_id}> {escape(one.what.replace('_', ' '))}: {_from_to(one)}"
        for one in changes[:40]
    ]
    kept: list[str] = []
    for line in lines:
        if sum(map(len, kept)) + len(line) < 2800:
            kept.append(line)
    data = {
        "changes": [
            {
                "who": one.user_id,
                "when": one.changed_at.isoformat(),
                "what": one.what,
                "before": one.before,
                "after": one.after,
            }
            for one in changes
        ]
    }
    return Message(
        text=f"{plural(len(changes), 'change')} of {name}",
        blocks=(section(f"*Changes of {literal(name)}*, newest first\n" + "\n".join(kept)),),
        data=data,
    )


def _from_to(one: AuditLine) -> str:
    before, after = escape(clip(one.before, 200)), escape(clip(one.after, 200))
    return f"{before} → {after}" if before and after else after or f"{before} → none"
