"""What comes back from the service: a message to deliver, or a form to open. Values only; listeners apply them."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator

from bot.language.plain import spoken
from calculator.base import Frozen

Block = dict[str, Any]


class File(Frozen):
    """A file for the asker's direct messages: Slack files are never ephemeral."""

    name: str
    content: str | bytes
    title: str = ""
    """Its title in Slack; its name where there is none."""
    alt: str = ""
    """What a picture shows, in words."""


class Message(Frozen):
    """One answer, for every surface."""

    text: Annotated[str, AfterValidator(spoken)]
    """The answer in a plain sentence or two: notifications, screen readers, and clients without blocks."""
    blocks: tuple[Block, ...] = ()
    audience: Literal["asker", "channel"] = "asker"
    """Who sees it: only the person who asked, or everyone in the channel."""
    channel: str | None = None
    """Another channel to post to; the channel of the question when None."""
    replaces: bool = False
    """Takes the place of the ephemeral message whose button was pressed."""
    shares: int | None = None
    """The number of the stored answer that counts as shared once this is posted."""
    file: File | None = None
    data: Any = None
    """The same answer as JSON, for programs."""


class Modal(Frozen):
    """A form to open."""

    view: Block


Reply = Message | Modal
