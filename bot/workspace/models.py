"""The things a workspace holds: people, channels, messages, files, views."""

from dataclasses import dataclass, field
from typing import Any, Literal

Json = dict[str, Any]
Values = dict[str, dict[str, Json]]

TEAM_ID = "T0LOCAL001"
APP_ID = "A0LOCAL001"
BOT_ID = "B0LOCAL001"
BOT_USER_ID = "U0LOCALBOT"
SLACKBOT_ID = "USLACKBOT"
DOMAIN = "local-workspace"


@dataclass
class Person:
    """Someone with an account, or the app's bot user."""

    id: str
    name: str
    real_name: str
    is_admin: bool = False
    is_guest: bool = False
    is_bot: bool = False
    tz: str = "America/New_York"


@dataclass
class Channel:
    """A public or private channel, or a direct message with the app."""

    id: str
    name: str
    kind: Literal["public", "private", "im"]
    members: set[str]
    is_archived: bool = False
    topic: str = ""
    messages: list["Message"] = field(default_factory=list)
    threads: set[str] = field(default_factory=set)


@dataclass
class Message:
    """A message; `visible_to` names the one person who sees an ephemeral one."""

    channel: str
    ts: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    thread_ts: str | None = None
    visible_to: str | None = None
    metadata: Json | None = None
    files: list[Json] = field(default_factory=list)
    edited: str | None = None
    values: dict[str, Values] = field(default_factory=dict)
    offered: dict[str, list[Json]] = field(default_factory=dict)


@dataclass(frozen=True)
class Scheduled:
    """A message that waits for its time, in seconds since 1970."""

    id: str
    post_at: int
    made_at: int
    message: Message


@dataclass
class View:
    """A modal on someone's screen, or someone's Home tab."""

    id: str
    person: str
    type: str
    body: Json
    hash: str
    root: str
    previous: str | None = None
    values: Values = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    offered: dict[str, list[Json]] = field(default_factory=dict)


@dataclass
class Trigger:
    """A trigger_id: good for three seconds and one exchange."""

    person: str
    expires: float
    root: str | None = None
    used: bool = False


@dataclass
class ResponseUrl:
    """A response_url: good for thirty minutes and five uses."""

    person: str
    channel: str
    expires: float
    message_ts: str | None = None
    thread_ts: str | None = None
    uses: int = 0


@dataclass
class File:
    """A file that the app or a person uploaded."""

    id: str
    name: str
    length: int
    content: bytes | None = None
    title: str = ""
    user: str = BOT_USER_ID
    alt_txt: str = ""
    shares: list[str] = field(default_factory=list)
