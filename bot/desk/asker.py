"""Who asks, and where."""

from calculator.base import Frozen


class Asker(Frozen):
    """Who asks, and where."""

    team_id: str = "local"
    user_id: str = "local"
    channel_id: str = "local"
    channel_name: str = ""
    private: bool | None = False
    """Asked in a private channel or a direct message: never shown elsewhere. None where Slack did not say."""
    thread_ts: str | None = None
    """The thread of the answer: that of a mention, which may begin one."""
    begins_thread: bool = False
    """Nobody has answered in the thread yet, so that Slack shows no ephemeral message there."""
