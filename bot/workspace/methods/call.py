"""One call of a Web API method: its arguments and what they refer to."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.workspace.errors import PersonError, SlackError
from bot.workspace.hub import Hub
from bot.workspace.messages import as_json
from bot.workspace.models import BOT_USER_ID, Channel, Json, Person
from bot.workspace.rates import Pace


@dataclass(frozen=True)
class Call:
    """The arguments of one call, whether they came as a form, a query or JSON."""

    hub: Hub
    args: Mapping[str, Any]

    def text(self, name: str) -> str:
        value = self.args.get(name)
        return "" if value is None else str(value)

    def need(self, name: str) -> str:
        """Give an argument that Slack insists on."""
        value = self.text(name)
        if not value:
            missing = f"[ERROR] missing required field: {name} [json-pointer:/]"
            raise SlackError("invalid_arguments", messages=[missing])
        return value

    def flag(self, name: str, *, default: bool = False) -> bool:
        value = self.args.get(name)
        return default if value is None else str(value).lower() in ("1", "true")

    def number(self, name: str, default: int) -> int:
        value = self.text(name)
        return int(value) if value.isdigit() and int(value) > 0 else default

    def json(self, name: str, error: str = "invalid_arguments") -> Any:
        return as_json(self.args.get(name), error)

    def message_body(self) -> Json:
        """Give the parts that make up a message."""
        return {
            "text": self.args.get("text"),
            "blocks": self.json("blocks", "invalid_blocks_format"),
            "attachments": self.json("attachments", "invalid_attachments"),
            "metadata": self.json("metadata", "invalid_metadata_format"),
        }

    def person(self, name: str = "user") -> Person:
        person = self.hub.team.people.get(self.text(name))
        if person is None:
            raise SlackError("user_not_found")
        return person

    def channel(self, name: str = "channel") -> Channel:
        """Find a channel that the app may know of."""
        try:
            channel = self.hub.team.channel(self.text(name))
        except PersonError:
            raise SlackError("channel_not_found") from None
        if channel.kind != "public" and BOT_USER_ID not in channel.members:
            raise SlackError("channel_not_found")
        return channel

    def has_scope(self, *scopes: str) -> bool:
        return any(scope in self.hub.manifest.scopes for scope in scopes)

    def require_scope(self, scope: str) -> None:
        if not self.has_scope(scope):
            provided = ",".join(self.hub.manifest.scopes)
            raise SlackError("missing_scope", needed=scope, provided=provided)

    def page(self, key: str, things: Sequence[Any], default: int = 100) -> Json:
        """Give one page of a list, with the cursor of the next."""
        start = self.number("cursor", 0)
        end = start + self.number("limit", default)
        cursor = str(end) if end < len(things) else ""
        return {"ok": True, key: things[start:end], "response_metadata": {"next_cursor": cursor}}


@dataclass(frozen=True)
class Method:
    """A method, the scopes of which one is needed, the kind of token it wants, and its tier of rate limits."""

    run: Callable[[Call], Awaitable[Json]]
    scopes: tuple[str, ...] = ()
    wants: Literal["bot", "app", "none"] = "bot"
    tier: Pace = field(kw_only=True)
