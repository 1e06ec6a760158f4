"""What is kept about someone, in a few lines; the file of it; and the questions before something is erased."""

from collections.abc import Mapping

from bot.reply import File, Message
from bot.views.kit.blocks import actions, button, confirm, context, section
from bot.views.kit.format import plural
from calculator.base import Frozen

WORDS = {
    "comparisons": ("answer",),
    "deployments": ("tracked deployment",),
    "schedules": ("schedule",),
    "scenarios": ("scenario",),
    "rates": ("own price",),
    "calibrations": ("measurement",),
    "own_models": ("own model",),
    "defaults": ("default",),
    "posts": ("message that I posted by myself", "messages that I posted by myself"),
    "changes": ("line of the audit", "lines of the audit"),
}
"""What people call the rows of a table; tables that hang on these are not named."""
IN_SLACK = (
    "Messages stay in Slack: answers that were shared, summaries, files. Delete them there. Backups of the database are "
    "with whoever runs me."
)

SEEN = (
    "*Who sees it:* your answers you alone, until you share them. What you track, schedule, price, measure or save, those who "
    "see the place where you did, with your name. Workspace admins read the audit, and may export all of the workspace; the "
    "audit says when one did."
)
LONG = (
    "what you delete can be restored for 30 days, then it is gone. The rest until you or an admin remove it. Where I am "
    "uninstalled, everything goes after 30 days."
)
ADMINS = (
    "`privacy keep 180 days`, `privacy guests allow`, `privacy erase @person`, `privacy export workspace`, "
    "`privacy erase workspace`, `channels only #llm-costs`, `audit`"
)


class About(Frozen):
    """What is said besides the counts."""

    person: str
    keep_days: int | None
    guests: bool
    is_admin: bool


def named(counts: Mapping[str, int], without: Mapping[str, int] | None = None) -> str:
    """`12 answers, 1 schedule`; those `without` are taken off."""
    less = without or {}
    left = {table: counts.get(table, 0) - less.get(table, 0) for table in WORDS}
    return ", ".join(plural(number, *WORDS[table]) for table, number in left.items() if number > 0)


def privacy_view(counts: Mapping[str, int], about: About, command: str) -> Message:
    """What is kept about the asker, who sees it, how long."""
    kept = named(counts) or "nothing yet"
    long = f"for {plural(about.keep_days, 'day')}" if about.keep_days else "until you delete them"
    guests = "may" if about.guests else "may not"
    lines = (
        f"*What I keep about you:* {kept}.",
        SEEN,
        f"*How long:* answers {long}; {LONG}",
        f"Guests {guests} ask me. People of other organisations may not.",
    )
    buttons = actions(
        button("Export my data", "export", "privacy export"), button("Erase my data…", "erase", "privacy erase")
    )
    return Message(
        text=f"What I keep about you: {kept}.",
        blocks=(
            section("\n".join(lines)),
            buttons,
            *([context(f"Admins: `{command}` with {ADMINS}.")] if about.is_admin else []),
        ),
        data={"kept": dict(counts), "keep_days": about.keep_days, "guests": about.guests},
    )


def exported(counts: Mapping[str, int], file: File, *, workspace: bool) -> Message:
    """The file is on its way to direct messages."""
    whose = "Everything of the workspace" if workspace else "Everything that I keep about you"
    text = f"{whose} is in `{file.name}`, in your direct messages with me: {named(counts) or 'nothing yet'}."
    note = context("JSON: each table with its rows as they are stored. The audit says that you exported it.")
    return Message(text=text, blocks=(section(text), note), file=file, data={"file": file.name, "rows": dict(counts)})


def ask_before_erasing(
    person: str, counts: Mapping[str, int], going: Mapping[str, int], command: str, *, is_mine: bool
) -> Message:
    """What will go, and what stays for others; nothing is erased by one word."""
    whose = (
        "what I keep about you"
        if is_mine
        else f"what I keep about <@{person}>"
        if person
        else "everything of the workspace"
    )
    goes, stays = named(going) or "no answers", named(counts, going)
    text = f"Erase {whose}?"
    lines = [
        f"*{text}* It cannot be taken back.",
        f"*Goes:* {goes}{'' if person else ', with usage, alerts and rules'}.",
    ]
    lines += [f"*Stays for others, without the name:* {stays}."] if person and stays else []
    words = f"privacy erase {f'<@{person}>' if person else 'workspace'} yes"
    typed = f"privacy erase{'' if is_mine else ' @person' if person else ' workspace'} yes"
    title = "Erase your data?" if is_mine else "Erase this person's data?" if person else "Erase the workspace's data?"
    ask = confirm(title, f"Goes for good: {goes}.", "Erase")
    return Message(
        text=text,
        blocks=(
            section("\n".join(lines)),
            actions(button("Erase", "erase", words, style="danger", confirm=ask)),
            context(IN_SLACK, f"Or type `{command} {typed}`."),
        ),
        data={"erase": person or "workspace", "goes": dict(going), "kept": dict(counts)},
    )


def erased(person: str, counts: Mapping[str, int], going: Mapping[str, int], *, is_mine: bool) -> Message:
    """It is gone."""
    whose = (
        "What I kept about you"
        if is_mine
        else f"What I kept about <@{person}>"
        if person
        else "Everything of the workspace"
    )
    stays = named(counts, going)
    text = f"{whose} is erased: {named(going) or 'no answers'}."
    rest = (
        f" {stays} {'stays' if stays.startswith('1 ') and ',' not in stays else 'stay'} for others, without the name."
        if person and stays
        else ""
    )
    return Message(
        text=text,
        blocks=(section(f"{text}{rest}"), context(IN_SLACK)),
        data={"erased": person or "workspace", "gone": dict(going)},
    )


def ask_before_keeping(days: int, older: int, command: str) -> Message:
    """Some answers are older, and would go at once."""
    text = f"Keep answers for {plural(days, 'day')}? {plural(older, 'answer')} of the workspace {'is' if older == 1 else 'are'} older and would go within the hour."
    words = f"privacy keep {days} days yes"
    ask = confirm("Remove older answers?", f"{plural(older, 'answer')} would go for good.", "Remove")
    return Message(
        text=text,
        blocks=(
            section(text),
            actions(button("Keep so long", "keep", words, style="danger", confirm=ask)),
            context(f"Or type `{command} {words}`."),
        ),
        data={"keep_days": days, "older": older},
    )


def keep_view(days: int | None, older: int) -> Message:
    """How long answers are kept from now on."""
    gone = f" {plural(older, 'older answer')} will be gone within the hour." if older else ""
    text = f"Answers are kept for {plural(days, 'day')}.{gone}" if days else "Answers are kept until they are deleted."
    return Message(text=text, blocks=(section(text),), data={"keep_days": days, "older": older})


def guests_view(*, allowed: bool) -> Message:
    """Whether guests may ask from now on."""
    text = f"Guests of this workspace {'may' if allowed else 'may not'} ask me from now on."
    return Message(text=text, blocks=(section(text),), data={"guests": allowed})
