"""What an answer is and decides, in short: what others go on from."""

from typing import Literal

from calculator.base import Frozen

LETTERS = "ABCDEF"
"""What options are called."""


class Chosen(Frozen):
    """One of the options among which an answer decides."""

    asked: str
    """Its question in canonical text."""
    model: str | None = None
    """The model's name in the catalog."""


class Decided(Frozen):
    """What kind of answer it is and what it decides, for whoever goes on from it."""

    kind: Literal["estimate", "hosted", "compare", "break-even"]
    winner: str | None = None
    """The letter of the option to take; None where nothing is to be taken, or there is nothing to choose from."""
    options: tuple[Chosen, ...]
    """Option A first; of a break-even the side on hardware first; the one thing that any other answer is about."""

    @property
    def taken(self) -> Chosen | None:
        """The option to take."""
        return next((one for letter, one in zip(LETTERS, self.options, strict=False) if letter == self.winner), None)
