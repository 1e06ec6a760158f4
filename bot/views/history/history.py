"""The list of stored answers."""

from collections.abc import Mapping, Sequence

from bot.desk.records import StoredAnswer
from bot.language.plain import clip
from bot.reply import Block, Message
from bot.views.kit.blocks import actions, button, confirm, context, escape, plain_text, section
from bot.views.kit.format import date, plural

LINE = 600
MENU = {
    "Show": "show {}",
    "Re-run": "rerun {}",
    "Export…": "export {}",
    "Share to channel": "share {}",
    "Delete": "delete {}",
}
"""What can be done with an answer in the list, and what that types."""


def history_view(items: Sequence[StoredAnswer], *, words: str, page: int, more: bool, command: str) -> Message:
    """One page of stored answers, each with its actions."""
    if not items:
        return _empty(words, page, command)
    title = f"*History*{f' of “{escape(words)}”' if words else ''}{f', page {page}' if page > 1 else ''}"
    blocks = [section(title), *(block for item in items for block in answer_item(item, MENU))]
    turn = [
        button("Newer", "newer", f"history {words} page {page - 1}") if page > 1 else None,
        button("Older", "older", f"history {words} page {page + 1}") if more else None,
    ]
    return Message(
        text=f"{plural(len(items), 'stored answer')}, the newest #{items[0].number}: {clip(items[0].question, 150)}",
        blocks=(*blocks, *([actions(*turn)] if any(turn) else [])),
        data={"page": page, "more": more, "items": [_json(item) for item in items]},
    )


def answer_item(item: StoredAnswer, choices: Mapping[str, str]) -> tuple[Block, Block]:
    """An answer in a list, with its menu."""
    title = f"*#{item.number}*  {escape(item.question[:LINE])}\n{escape(item.headline[:LINE])}"
    menu = {
        "type": "overflow",
        "action_id": f"more-{item.number}",
        "options": [
            {"text": plain_text(label), "value": typed.format(item.number)} for label, typed in choices.items()
        ],
    }
    who = f"<@{item.user_id}>" if item.user_id != "local" else "you"
    return section(title, accessory=menu), context(f"{who} · {date(item.created_at)}{_shared(item)}")


def _shared(item: StoredAnswer) -> str:
    if not item.shared_at:
        return ""
    channel = item.shared_channel_id or ""
    return f" · shared in <#{channel}>" if channel.startswith(("C", "G")) else " · shared"


def _json(item: StoredAnswer) -> dict[str, object]:
    return {
        "number": item.number,
        "question": item.question,
        "headline": item.headline,
        "asked_at": item.created_at.isoformat(),
        "shared": item.shared_at is not None,
    }


def _empty(words: str, page: int, command: str) -> Message:
    if page > 1:
        text, example = f"There is no page {page}.", f"{command} history {words}".strip()
    elif words:
        text, example = f"No stored answer holds “{escape(words)}”.", f"{command} history"
    else:
        text, example = (
            "Nothing is stored yet. Ask a first question:",
            f"{command} 7B on RTX4090, 500 tokens, batch 4, 1000 req/h",
        )
    return Message(
        text=text, blocks=(section(f"{text}\n`{example}`"),), data={"page": page, "more": False, "items": []}
    )


def deleted(number: int) -> Message:
    """The answer is gone, and can come back."""
    text = f"#{number} is deleted."
    return Message(
        text=text,
        blocks=(section(text), actions(button("Undo", "undo", f"undelete {number}"))),
        data={"deleted": number},
    )


def ask_before_deleting(number: int, question: str, command: str) -> Message:
    """Nothing is deleted by one word."""
    text = f"Delete #{number}, {question}? It disappears from your history and for everyone it was shared with."
    yes = button("Delete", "delete", f"delete {number} yes", style="danger")
    hint = context(f"Or type `{command} delete {number} yes`.")
    return Message(text=text, blocks=(section(escape(text)), actions(yes), hint), data={"delete": number})


def delete_button(number: int) -> Block:
    """A button that asks before it deletes."""
    ask = confirm(
        f"Delete #{number}?", "It disappears from your history and for everyone it was shared with.", "Delete"
    )
    return button("Delete", "delete", f"delete {number} yes", style="danger", confirm=ask)
