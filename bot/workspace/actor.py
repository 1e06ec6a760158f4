"""Someone who uses the workspace, as a test or a script drives them."""

from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, TypeVar

from bot.workspace.errors import ClientError, NothingSeenError, OperationTimeoutError
from bot.workspace.seen import Seen, SeenMessage, SeenView

T = TypeVar("T")
TIMEOUT_S = 20.0
NOT_TAKEN = ("operation_timeout", "dispatch_failed", "http_client_error", "http_service_error")
Upload = tuple[str, bytes]
"""A file that someone chooses: its name and its content."""


class Caller(Protocol):
    """Whatever passes on what people do, and waits for what they see."""

    def call(self, verb: str, **body: Any) -> dict[str, Any]: ...
    def wait_until(
        self, seen: Callable[[dict[str, Any]], T | None], *, who: str = "ada", timeout_s: float = TIMEOUT_S
    ) -> T: ...


class Actor:
    """Someone who uses the workspace.

    Waiting looks only at what came or changed after this person's last action.
    """

    def __init__(self, client: Caller, name: str) -> None:
        self._client = client
        self.name = name
        self._before: dict[str, str] = {}

    def screen(self) -> dict[str, Any]:
        """Give everything on this person's screen."""
        screen: dict[str, Any] = self._client.call("look", **{"as": self.name})["screen"]
        return screen

    def type(
        self, text: str, channel: str = "#general", thread: SeenMessage | None = None, files: Sequence[Upload] = ()
    ) -> None:
        """Type a message or a slash command; "@app" is the direct message with the app."""
        thread_ts = thread.ts if thread else None
        self._act("say", text=text, channel=channel, thread_ts=thread_ts, files=_uploads(files))

    def mention(
        self, text: str, channel: str = "#general", thread: SeenMessage | None = None, files: Sequence[Upload] = ()
    ) -> None:
        """Mention the app in a message."""
        screen = self.screen()
        bot = next(one for one in screen["people"] if one["id"] == screen["app"]["user_id"])
        self.type(f"@{bot['name']} {text}", channel, thread, files)

    def messages(self, channel: str = "#general") -> list[SeenMessage]:
        """Give the messages this person sees in a channel, oldest first."""
        return _messages(self.screen(), channel)

    def wait_for_message(
        self, channel: str = "#general", containing: str = "", timeout_s: float = TIMEOUT_S
    ) -> SeenMessage:
        """Wait for a message of the app that is new or changed since this person's last action."""

        def newest(screen: dict[str, Any]) -> SeenMessage | None:
            new = [one for one in _messages(screen, channel) if self._before.get(one.key) != one.version]
            fitting = [one for one in new if one.user != screen["me"] and containing in one.words]
            return fitting[-1] if fitting else None

        found: SeenMessage = self._client.wait_until(newest, who=self.name, timeout_s=timeout_s)
        return found

    def click(self, on: Seen, what: str, value: Any = None) -> None:
        """Click a button by its label or action_id; or choose `value` in a select, an overflow, a date."""
        block, element = on.find(what)
        ids = {"block_id": block["block_id"], "action_id": element["action_id"]}
        self._act("act", **on.address, **ids, value=value)

    def options(self, field: str, typed: str, on: Seen | None = None) -> list[str]:
        """Type into an external select; give the labels offered."""
        surface = on or self.modal()
        block, element = surface.find(field)
        ids = {"block_id": block["block_id"], "action_id": element["action_id"]}
        answer = self._act("suggest", **surface.address, **ids, typed=typed)
        return [option["text"]["text"] for option in answer["options"]]

    def modal(self) -> SeenView:
        """Give the modal on top of this person's screen."""
        modals = self.screen()["modals"]
        if not modals:
            raise NothingSeenError("no modal is open")
        return SeenView(modals[-1])

    def wait_for_modal(self, containing: str = "", timeout_s: float = TIMEOUT_S) -> SeenView:
        """Wait until a modal with these words is on top."""

        def on_top(screen: dict[str, Any]) -> SeenView | None:
            view = SeenView(screen["modals"][-1]) if screen["modals"] else None
            return view if view and containing in view.words else None

        found: SeenView = self._client.wait_until(on_top, who=self.name, timeout_s=timeout_s)
        return found

    def fill(self, values: Mapping[str, Any]) -> None:
        """Fill in fields of the top modal by label, block_id or action_id; an app that listens is told.

        A file input takes `(name, content)`, or a list of these; an empty list removes what was chosen.
        """
        for field, value in values.items():
            modal = self.modal()
            block, element = modal.find(field)
            if element["type"].endswith("external_select"):
                for typed in value if isinstance(value, list) else [value]:
                    self.options(field, str(typed))
            if element["type"] == "file_input":
                value = _uploads(value if isinstance(value, list) else [value])  # noqa: PLW2901
            ids = {"block_id": block["block_id"], "action_id": element["action_id"]}
            self._act("act", **modal.address, **ids, value=value)

    def submit(self, values: Mapping[str, Any] | None = None) -> dict[str, str]:
        """Fill in and submit the top modal; give the errors shown, by block_id."""
        self.fill(values or {})
        answer = self._act("submit")
        if answer["ok"] or answer["error"] in ("errors", "form_errors"):
            return dict(answer.get("errors") or {})
        raise ClientError(answer["error"])

    def close(self, *, everything: bool = False) -> None:
        """Close the top modal, or all of them."""
        self._act("close", all=everything)

    def home(self, timeout_s: float = TIMEOUT_S) -> SeenView:
        """Open the app's Home tab and wait until it is published anew."""
        before = (self.screen()["home"] or {}).get("hash")
        self._act("home")

        def published(screen: dict[str, Any]) -> SeenView | None:
            home = screen["home"]
            return SeenView(home) if home and home["hash"] != before else None

        found: SeenView = self._client.wait_until(published, who=self.name, timeout_s=timeout_s)
        return found

    def shortcut(self, callback_id: str, message: SeenMessage | None = None) -> None:
        """Run a global shortcut, or a message shortcut."""
        self._act("shortcut", callback_id=callback_id, **(message.address if message else {}))

    def _act(self, verb: str, **body: Any) -> dict[str, Any]:
        screen = self.screen()
        self._before = {one.key: one.version for channel in screen["messages"] for one in _messages(screen, channel)}
        answer = self._client.call(verb, **{"as": self.name}, **body)
        if answer.get("error") in NOT_TAKEN:
            raise OperationTimeoutError(answer["error"])
        return answer


def _uploads(files: Sequence[Upload]) -> list[dict[str, str]]:
    return [{"name": name, "content": b64encode(content).decode()} for name, content in files]


def _messages(screen: dict[str, Any], channel: str) -> list[SeenMessage]:
    wanted = channel.removeprefix("#")
    for one in screen["channels"]:
        direct = one["kind"] == "im" and wanted == "@app"
        if direct or wanted in (one["id"], one["name"]):
            return [SeenMessage(message) for message in screen["messages"][one["id"]]]
    raise ClientError(f"there is no channel {channel!r} on this screen")
