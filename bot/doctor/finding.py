"""One line of the doctor's."""

from typing import Literal

from calculator.base import Frozen


class Finding(Frozen):
    """What was looked at, how it is, and what to do."""

    level: Literal["ok", "warning", "problem"]
    about: str
    """What was looked at, in a word."""
    text: str
    """How it is; where it is not well, what to do."""

    def __str__(self) -> str:
        return f"{self.level:<8} {self.about:<10} {' '.join(self.text.split())}"


def ok(about: str, text: str) -> Finding:
    """All is well."""
    return Finding(level="ok", about=about, text=text)


def warning(about: str, text: str) -> Finding:
    """It works, and may not for long, or not all of it."""
    return Finding(level="warning", about=about, text=text)


def problem(about: str, text: str) -> Finding:
    """It does not work."""
    return Finding(level="problem", about=about, text=text)
