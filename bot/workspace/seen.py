"""Messages and views as someone sees them: their words, and the elements in them."""

from collections.abc import Iterator, Sequence
from typing import Any

from bot.workspace.blocks import elements


class Seen:
    """A surface with blocks."""

    def __init__(self, body: dict[str, Any]) -> None:
        self.body = body
        self.blocks: Sequence[dict[str, Any]] = body.get("blocks") or []

    @property
    def address(self) -> dict[str, str]:
        """Name this surface to the control API."""
        raise NotImplementedError

    @property
    def words(self) -> str:
        """Give all the words that are visible, in order."""
        return "\n".join([*self._own_words(), *_words(list(self.blocks))])

    def _own_words(self) -> list[str]:
        return []

    @property
    def buttons(self) -> list[str]:
        """Give the labels of the buttons."""
        return [element["text"]["text"] for _, element in elements(self.blocks) if element["type"] == "button"]

    @property
    def fields(self) -> list[str]:
        """Give the labels of the inputs."""
        return [block["label"]["text"] for block in self.blocks if block["type"] == "input"]

    def find(self, what: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """Find an element by label, placeholder, action_id or block_id."""
        for names in (_ids, _labels):
            for block, element in elements(self.blocks):
                if what in names(block, element):
                    return block, element
        known = [name for block, element in elements(self.blocks) for name in _labels(block, element)]
        raise LookupError(f"there is no {what!r} here; there are {known}")


class SeenMessage(Seen):
    """A message on someone's screen."""

    @property
    def ts(self) -> str:
        return str(self.body["ts"])

    @property
    def text(self) -> str:
        return str(self.body["text"])

    @property
    def user(self) -> str:
        return str(self.body["user"])

    @property
    def is_ephemeral(self) -> bool:
        return bool(self.body["is_ephemeral"])

    @property
    def thread_ts(self) -> str | None:
        return self.body.get("thread_ts")

    @property
    def files(self) -> list[dict[str, Any]]:
        return list(self.body.get("files") or ())

    @property
    def key(self) -> str:
        return f"{self.body['channel']}/{self.ts}"

    @property
    def version(self) -> str:
        """Change with every edit."""
        return str((self.body.get("edited") or {}).get("ts", self.ts))

    @property
    def address(self) -> dict[str, str]:
        return {"channel": self.body["channel"], "message_ts": self.ts}

    def _own_words(self) -> list[str]:
        return [self.text]


class SeenView(Seen):
    """A modal or Home tab on someone's screen."""

    @property
    def title(self) -> str:
        return str((self.body.get("title") or {}).get("text", ""))

    @property
    def errors(self) -> dict[str, str]:
        return dict(self.body["errors"])

    @property
    def values(self) -> dict[str, dict[str, dict[str, Any]]]:
        return dict(self.body["state"]["values"])

    @property
    def address(self) -> dict[str, str]:
        return {"view_id": self.body["id"]}

    def _own_words(self) -> list[str]:
        return [self.title]


def _ids(block: dict[str, Any], element: dict[str, Any]) -> list[str]:
    return [element.get("action_id", ""), block.get("block_id", "")]


def _labels(block: dict[str, Any], element: dict[str, Any]) -> list[str]:
    texts = [block.get("label"), element.get("text"), element.get("placeholder")]
    return [text["text"] for text in texts if text]


def _words(thing: Any) -> Iterator[str]:
    if isinstance(thing, list):
        for one in thing:
            yield from _words(one)
    elif isinstance(thing, dict):
        for key, value in thing.items():
            if key in ("text", "title", "caption", "label") and isinstance(value, str):
                yield value
            elif key == "value" and thing.get("type") == "raw_number" and "text" not in thing:
                yield str(value)
            elif key not in ("confirm", "metadata"):
                yield from _words(value)
