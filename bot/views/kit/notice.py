"""Short messages about the conversation itself: not understood, refused, could not post, failed."""

from collections.abc import Sequence

from bot.language.plain import clip
from bot.reply import Message
from bot.views.kit.blocks import actions, button, escape, section
from calculator.errors import QuestionError

BUTTON_LIMIT = 1900
MOST = 20
"""Channels that are named."""


def misunderstood(error: QuestionError, *, text: str, command: str) -> Message:
    """What was not understood, and what to type instead; the form opens with what was typed."""
    asked = f"\n_You typed:_ `{command} {escape(text).replace('`', '')}`" if text.strip() else ""
    sentence = f"*{error.field}*: {escape(error.message)}"
    buttons = [button("Open the form", "form", "form"), button("Help", "help", "help")]
    return Message(
        text=escape(f"{error.field}: {error.message}")[:3000],
        blocks=(section(f"{sentence}{asked}"), actions(*buttons)),
        data={"error": {"field": error.field, "message": error.message}},
    )


def _note(text: str) -> Message:
    return Message(text=text, blocks=(section(text),))


def storage_failed(error: Exception) -> Message:
    """The stored answers cannot be reached; questions are still answered."""
    return _note(f":warning: {escape(str(error))}")


def cannot_open() -> Message:
    """Slack gives a form three seconds."""
    return _note(
        "The form could not open in time: Slack allows three seconds. Press the button or type the command again."
    )


def cannot_post(channel: str, reason: str) -> Message:
    """The bot may not write there."""
    why = {"is_archived": "it is archived", "restricted_action": "an admin restricted who may post there"}.get(
        reason, "I am not a member. Invite me there (`/invite` and my name), then press Share again"
    )
    return _note(f"I could not post in <#{channel}>: {why}. Your answer is kept in your history.")


def not_uploaded(name: str, reason: str) -> Message:
    """A file did not arrive."""
    return _note(f"I could not send “{escape(name)}” to your direct messages: {escape(reason)}. Ask for it again.")


def press_to_open(text: str) -> Message:
    """Slack opens forms at the press of a button or a typed command, not where I am mentioned."""
    return Message(
        text="A form opens at the press of a button.",
        blocks=(
            section("A form opens at the press of a button."),
            actions(button("Open the form", "form", text if len(text) <= BUTTON_LIMIT else "form")),
        ),
    )


def posted(channel: str) -> Message:
    """The answer is in the channel now."""
    return _note(f"Posted in <#{channel}>.")


def failed(reference: str) -> Message:
    """A bug: apologise, and say how to report it."""
    return _note(
        f"Sorry, that went wrong on my side; nothing you stored is lost. Reference `{reference}`: it finds the cause in the log."
    )


def foreign() -> Message:
    """People of another organisation are refused by default."""
    return _note("This calculator answers only people of the workspace that installed it.")


def unknown_person() -> Message:
    """Slack does not say who asks: they may be anyone."""
    text = "I cannot answer just now: Slack does not tell me who you are. Try again in a minute; if that stays so, `doctor` says why to whoever runs me."
    return Message(text=text, blocks=(section(text),), data={"refused": "unknown"})


def guests_refused() -> Message:
    """Guests are refused until an admin allows them."""
    text = "Guests cannot ask here: a member of this workspace can ask for you, and a workspace admin can allow guests."
    return Message(text=text, blocks=(section(text),), data={"refused": "guest"})


def elsewhere(only: Sequence[str]) -> Message:
    """An admin named the channels in which the bot may be used."""
    more = f" and {len(only) - MOST} more" if len(only) > MOST else ""
    text = f"I answer in {', '.join(f'<#{one}>' for one in only[:MOST])}{more} and in direct messages; ask me there."
    return Message(text=text, blocks=(section(text),), data={"refused": "channel", "channels": list(only)})


def nobody_else() -> Message:
    """Nobody is written to who did not ask."""
    return Message(
        text=(text := "I write to nobody who did not ask: choose a channel, or leave it out to have it here yourself."),
        blocks=(section(text),),
        data={"refused": "person"},
    )


def read_outside(channel: str, anyway: str) -> Message:
    """People of another organisation would read it: that needs a second word."""
    text = f":warning: <#{channel}> is shared with another organisation, whose people would read it."
    fits = len(anyway) <= BUTTON_LIMIT
    more = (
        actions(button("Post it there anyway", "anyway", anyway)) if fits else section("`anyway` before it posts it.")
    )
    return Message(text=text, blocks=(section(text), more), data={"asks": anyway})


def searching() -> Message:
    """A search of the whole catalog takes long, or waits for others."""
    return _note("I search the whole catalog, one question after another: your answer comes in a moment.")


def unanswered(text: str, command: str, *, restarted: bool) -> Message:
    """A question was acknowledged and its answer may not have arrived; the button asks it again."""
    asked = clip(" ".join(f"{command} {text}".split()).replace("`", ""), 200)
    happened = "I was restarted while I answered" if restarted else "Slack did not take my answer to"
    sentence = f"{happened} `{escape(asked)}`. If you see no answer to it, please ask again."
    fits = len(text) <= BUTTON_LIMIT
    again = [actions(button("Ask again", "again", text.strip() or "form"))] if fits else []
    return Message(text=sentence, blocks=(section(sentence), *again))
