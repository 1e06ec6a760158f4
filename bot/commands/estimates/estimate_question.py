"""The question behind every estimate: what runs on what, for which work, at which price."""

from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from bot.commands.estimates.choices import Share
from bot.commands.estimates.money import Money
from bot.commands.estimates.placement import Placement
from bot.commands.estimates.work import Work
from bot.language.phrases import Phrase
from bot.language.quantities import COUNT, SHARE
from bot.language.shared_words import CHANNEL
from calculator.errors import QuestionError


class EstimateQuestion(Money, Work, Placement):
    """What does it take to serve this model on this hardware under this load?

    Its fields are those of Placement, Work and Money, in this order, and its own.
    """

    word: ClassVar[str] = ""

    gpu_memory_utilization: Annotated[
        Share | None, Phrase(SHARE, "gpu memory utilization {}", "{} gpu memory", names=("gmu",))
    ] = None
    """Share of the accelerator's memory that the engine may use."""
    max_model_len: Annotated[
        int | None,
        Phrase(
            COUNT,
            "context {}",
            "{} context",
            "context of {}",
            "max model len {}",
            "context length {}",
            "{} context length",
            "max context {}",
            names=("max_model_length", "context_length", "max_seq_len"),
        ),
    ] = Field(None, ge=1, le=20_000_000)
    """Longest sequence that the engine must be able to hold; what a request needs where none is said."""
    channel: Annotated[str | None, Phrase(CHANNEL, "in {}", "to {}", "post {}", "share {}")] = None
    """Where the answer goes: a channel, or here; only to you where none is said."""

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        rest = (self.tokens or 0) - (self.input_tokens or 0) - (self.output_tokens or 0)
        both = self.input_tokens and self.output_tokens
        if self.tokens and (self.input_tokens or self.output_tokens) and (rest if both else rest < 1):
            raise QuestionError(
                "tokens", f"Prompt and output do not add up to {self.tokens:,} tokens in all. Drop one of the three."
            )
        if self.gpus and not self.hardware_type:
            raise QuestionError("hardware_type", f"{self.gpus} of which hardware? For example `on {self.gpus}xH100`.")
        return self
