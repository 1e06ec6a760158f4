"""What goes wrong in the workspace.

WorkspaceError
  SlackError      the app asked for something that Slack refuses; worded as Slack words it
  TooFastError    the app posts more often than Slack allows; it may come back after a while
  PersonError     a person (or the test client) asked for something that is not on the screen
  ManifestError   a file holds no manifest of an app
ClientError       the workspace refused what the test client asked for
  OperationTimeoutError, NothingSeenError
"""

from typing import Any


class WorkspaceError(Exception):
    """Anything the workspace refuses."""


class SlackError(WorkspaceError):
    """A Web API answer with `ok: false`."""

    def __init__(self, code: str, *, messages: list[str] | None = None, **extra: Any) -> None:
        super().__init__(code)
        self.code = code
        self.messages = messages or []
        self.extra = extra

    def body(self) -> dict[str, Any]:
        """Give the JSON that Slack would answer."""
        body: dict[str, Any] = {"ok": False, "error": self.code, **self.extra}
        if self.messages:
            body["errors"] = [message.removeprefix("[ERROR] ") for message in self.messages]
            body["response_metadata"] = {"messages": self.messages}
        return body


class TooFastError(WorkspaceError):
    """A Web API answer with status 429 and Retry-After."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("ratelimited")
        self.retry_after = retry_after


class PersonError(WorkspaceError):
    """There is no such button, field, option, channel or person."""


class ManifestError(WorkspaceError):
    """The file holds no manifest of an app; the message says what is wrong with it."""


class ClientError(Exception):
    """The workspace refused, for the reason given."""


class OperationTimeoutError(ClientError):
    """The app did not acknowledge: too late, not at all, or with an error; the person sees this as an error."""


class NothingSeenError(ClientError):
    """What was waited for did not come."""
