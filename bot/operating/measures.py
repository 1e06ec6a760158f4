"""What is counted while the bot works, wherever that goes: see bot/operating/metrics.py for what each figure means."""

from typing import Protocol


class Measures(Protocol):
    """Is told what happens."""

    def asked(self, word: str, outcome: str) -> None:
        """A question was answered, not understood, or failed; `word` is its command, empty for an estimate."""

    def acknowledged(self, seconds: float) -> None:
        """Slack had the acknowledgement so long after its delivery."""

    def answered(self, seconds: float) -> None:
        """A person had the answer so long after the acknowledgement."""

    def called(self, method: str, outcome: str) -> None:
        """A method of Slack's Web API was called."""


class Unmeasured:
    """Where nobody looks at the figures."""

    def asked(self, word: str, outcome: str) -> None:
        """Nothing."""

    def acknowledged(self, seconds: float) -> None:
        """Nothing."""

    def answered(self, seconds: float) -> None:
        """Nothing."""

    def called(self, method: str, outcome: str) -> None:
        """Nothing."""
