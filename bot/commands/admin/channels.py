"""`channels`: where the bot posts by itself, and where it may be used at all; a workspace admin decides both."""

import re
from typing import ClassVar, Self

from bot.desk.command import Command
from bot.desk.desk import Desk
from bot.desk.question import Question
from bot.language.cleaning import clean
from bot.reply import Message
from bot.views.tracking.alerts import channels_view
from calculator.errors import QuestionError

LINK = re.compile(r"<#([A-Z0-9]+)(?:\|[^>]*)?>|(here)", re.IGNORECASE)
VERBS = ("allow", "drop", "only")
HOW = (
    "Write `channels`, `channels allow #llm-costs`, `channels drop #llm-costs` or `channels allow all` for what I post by myself; "
    "`channels only #llm-costs` or `channels any` for where I may be asked."
)


class ChannelsQuestion(Question):
    """Where may the bot post by itself, and where may it be asked?"""

    word: ClassVar[str] = "channels"

    allow: tuple[str, ...] = ()
    """Channels to add to those where it posts by itself."""
    drop: tuple[str, ...] = ()
    """Channels to take away from them."""
    everywhere: bool = False
    """It posts anywhere."""
    only: tuple[str, ...] = ()
    """The channels in which it may be used at all, besides direct messages."""
    anywhere: bool = False
    """It may be used anywhere."""

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Nothing, `allow #a #b`, `drop #a`, `allow all`, `only #a #b`, or `any`."""
        verb, _, rest = clean(text).partition(" ")
        named, verb = tuple(match[1] or "here" for match in LINK.finditer(rest)), verb.lower()
        if not verb:
            return cls()
        if verb == "allow" and rest.lower() in {"all", "everywhere"}:
            return cls(everywhere=True)
        if (verb == "any" and not rest) or (verb == "only" and rest.lower() in {"any", "all"}):
            return cls(anywhere=True)
        if verb not in VERBS or not named:
            raise QuestionError("channels", HOW)
        return cls.make({verb: named})

    def __str__(self) -> str:
        if self.everywhere or self.anywhere:
            return f"{self.word} {'allow all' if self.everywhere else 'any'}"
        verb = next((verb for verb in VERBS if getattr(self, verb)), "")
        channels = getattr(self, verb) if verb else ()
        named = " ".join("here" if one == "here" else f"<#{one}>" for one in channels)
        return f"{self.word} {verb} {named}".strip()


def answer(question: ChannelsQuestion, desk: Desk) -> Message:
    """Both lists, after what was asked."""
    allowed, only = list(desk.rules.channels()), list(desk.rules.only())
    add, drop, limit = (
        [desk.asker.channel_id if one == "here" else one for one in some]
        for some in (question.allow, question.drop, question.only)
    )
    if question.everywhere or add or drop:
        allowed = [] if question.everywhere else [one for one in dict.fromkeys([*allowed, *add]) if one not in drop]
        desk.rules.set_channels(allowed)
    if question.anywhere or limit:
        only = list(dict.fromkeys(limit))
        desk.rules.set_only(only)
    return channels_view(allowed, only)


CHANNELS = Command(
    ChannelsQuestion,
    answer,
    "Where I post summaries and alerts, and where I may be asked; a workspace admin decides.",
    ("channels", "channels allow #llm-costs", "channels allow all", "channels only #llm-costs", "channels any"),
)
