"""The audit: one line for each change, who made it and when."""

import re
from collections.abc import Sequence

from bot.desk.records import AuditEntry
from bot.language.plain import clip
from bot.reply import Message
from bot.views.kit.blocks import actions, button, context, escape, fitting, literal, section
from bot.views.kit.format import date, plural
from calculator.base import Frozen

ID = re.compile(r"[A-Z0-9]{2,}")
TEXT = 150
"""Characters that are shown of what a change changed."""
NOTHING = "gone"
"""Stands where the id of an erased person stood."""


class Shown(Frozen):
    """What the page holds."""

    person: str = ""
    about: str = ""
    page: int = 1
    newer: str = ""
    """What asks for the page before; empty where there is none."""
    older: str = ""


def audit_view(found: Sequence[AuditEntry], shown: Shown) -> Message:
    """A page of changes, newest first."""
    of = f" of {literal(shown.about)}" if shown.about else ""
    by = f" by {_person(shown.person)}" if shown.person else ""
    title = f"*Audit*{of}{by}{f', page {shown.page}' if shown.page > 1 else ''}"
    lines = [section(_line(one)) for one in found] or [section("Nothing was changed.")]
    turn = [
        button("Newer", "newer", shown.newer) if shown.newer else None,
        button("Older", "older", shown.older) if shown.older else None,
    ]
    return Message(
        text=f"{plural(len(found), 'change')}{f' of {escape(shown.about)}' if shown.about else ''}, newest first. {_told(found)}",
        blocks=(
            section(title),
            *fitting(lines, "More than one message holds: ask about one subject."),
            *([actions(*turn)] if any(turn) else []),
            context("What is private elsewhere is listed without what was changed."),
        ),
        data={"page": shown.page, "more": bool(shown.older), "changes": [_json(one) for one in found]},
    )


def _told(found: Sequence[AuditEntry]) -> str:
    """The first few, for screen readers."""
    return escape("; ".join(f"{_subject(one)}: {_what(one)}" for one in found[:4]))


def _line(one: AuditEntry) -> str:
    said = escape(_what(one)) + ("" if one.hidden else _from_to(one))
    return f"{date(one.changed_at)} {_person(one.user_id)} · *{literal(_subject(one))}* · {said}"


def _subject(one: AuditEntry) -> str:
    """By its name, where people gave it one."""
    kind = one.subject.partition(" ")[0]
    return kind if one.hidden else f"{kind} {one.name}" if one.name else one.subject


def _what(one: AuditEntry) -> str:
    return "something private" if one.hidden else one.what.replace("_", " ")


def _from_to(one: AuditEntry) -> str:
    before, after = (_value(text, one.what) for text in (one.before, one.after))
    if not (before or after):
        return ""
    return f": {before} → {after or 'none'}" if before else f": {after}"


def _value(text: str, what: str) -> str:
    """People and channels by their names, where nothing else can stand; all else as text."""
    if what == "user_id" and text:
        return _person(text)
    words = text.split()
    if what in {"channels", "only channels"} and all(map(ID.fullmatch, words)):
        return ", ".join(f"<#{word}>" for word in words)
    return escape(clip(text, TEXT))


def _person(user_id: str) -> str:
    if user_id == NOTHING:
        return "someone who was erased"
    return f"<@{user_id}>" if ID.fullmatch(user_id) or user_id == "local" else escape(user_id)


def _json(one: AuditEntry) -> dict[str, object]:
    hidden = {"what": "something private", "before": "", "after": ""}
    about = hidden if one.hidden else {"what": one.what, "before": one.before, "after": one.after}
    return {
        "subject": one.subject,
        "name": "" if one.hidden else one.name,
        "who": one.user_id,
        "when": one.changed_at.isoformat(),
        **about,
    }
