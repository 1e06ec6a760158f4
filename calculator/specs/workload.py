"""What is asked of a deployment: lengths, concurrency, arrivals and limits."""

from types import MappingProxyType
from typing import Literal

from pydantic import Field

from calculator.base import Frozen
from calculator.errors import QuestionError

UseCase = Literal["chat", "content", "code", "rag", "summaries", "batch jobs"]

PROMPT_SHARE = MappingProxyType(
    {"chat": 0.6, "content": 0.15, "code": 0.8, "rag": 0.9, "summaries": 0.9, "batch jobs": 0.75}
)
"""Share of the tokens that is prompt, by use case."""
DEFAULT_PROMPT_SHARE = 0.75
"""The same where no use case is said."""
HOURS_PER_MONTH = 720.0
"""The reference document's month; cloud price pages use 730."""


class Workload(Frozen):
    """Requests of one kind. Lengths are per request."""

    input_tokens: int = Field(ge=0, le=20_000_000)
    """Prompt tokens (ISL)."""
    output_tokens: int = Field(ge=1, le=20_000_000)
    """Output tokens (OSL), hidden reasoning tokens included."""
    batch_size: int = Field(1, ge=1, le=1_000_000)
    """Sequences in flight at once, over all replicas."""
    requests_per_hour: float | None = Field(None, gt=0)
    """Requests that arrive in an hour, at the peak; None where no load is stated."""
    cache_hit_rate: float = Field(0, ge=0, le=1)
    """Share of prompt tokens found in the prefix cache."""
    reasoning_tokens: int = Field(0, ge=0)
    """Hidden tokens within `output_tokens`: waited and paid for, never shown."""
    max_latency_s: float | None = Field(None, gt=0)
    """Limit for the whole answer."""
    max_ttft_s: float | None = Field(None, gt=0)
    """Limit for the first token."""
    max_tpot_s: float | None = Field(None, gt=0)
    """Limit for the time between tokens."""
    peak_factor: float = Field(1, ge=1, le=1000)
    """Arrivals at the peak over the stated ones: what replicas are for."""
    spare_replicas: int = Field(0, ge=0, le=100)
    """Copies kept beyond what the load needs."""
    hours_per_month: float = Field(HOURS_PER_MONTH, gt=0, le=744)
    """Hours in a month that requests arrive and the hardware is kept."""

    @property
    def tokens(self) -> int:
        """Prompt and output together: the document's `tokens`."""
        return self.input_tokens + self.output_tokens


def split_tokens(tokens: int, use_case: str | None = None) -> tuple[int, int]:
    """Prompt and output tokens of a request with `tokens` in all; at least one token is output.

    QuestionError where the use case is unknown or there is no token.
    """
    if tokens < 1:
        raise QuestionError(
            "tokens", f"A request has at least one token; you wrote {tokens}. Type for example `500 tokens`."
        )
    if use_case is not None and use_case not in PROMPT_SHARE:
        raise QuestionError("use_case", f"Unknown use case “{use_case}”. Type one of {', '.join(PROMPT_SHARE)}.")
    share = PROMPT_SHARE[use_case] if use_case else DEFAULT_PROMPT_SHARE
    prompt = min(round(tokens * share), tokens - 1)
    return prompt, tokens - prompt
