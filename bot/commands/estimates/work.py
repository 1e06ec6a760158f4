"""What is said of the work: its use, its lengths, how much of it comes, and how fast it must be done."""

from typing import Annotated

from pydantic import Field

from bot.commands.estimates.choices import USE_CASES, Share
from bot.desk.question import Question
from bot.language.phrases import Phrase
from bot.language.quantities import COUNT, RATE, SECONDS, SHARE


class Work(Question):
    """What is to be done."""

    use_case: Annotated[str | None, Phrase(USE_CASES, "{}", "for {}")] = None
    """What it is for; sets how tokens split into prompt and output."""
    tokens: Annotated[
        int | None,
        Phrase(
            COUNT,
            "{} tokens",
            "{} token",
            "{} tok",
            "{} toks",
            "{} tokens in all",
            names=("total_tokens", "token", "tok"),
        ),
    ] = Field(None, ge=1)
    """Tokens of one request, prompt and output together."""
    input_tokens: Annotated[
        int | None,
        Phrase(
            COUNT,
            "{} in",
            "{} input",
            "{} prompt",
            "{} input tokens",
            "{} tokens in",
            "{} prompt tokens",
            names=("prompt_tokens", "isl", "input", "prompt", "in"),
        ),
    ] = Field(None, ge=1)
    """Prompt tokens of one request (ISL)."""
    output_tokens: Annotated[
        int | None,
        Phrase(
            COUNT,
            "{} out",
            "{} output",
            "{} output tokens",
            "{} tokens out",
            "{} completion tokens",
            "{} generated",
            names=("completion_tokens", "osl", "output", "out", "max_tokens"),
        ),
    ] = Field(None, ge=1)
    """Output tokens of one request (OSL)."""
    batch_size: Annotated[
        int | None,
        Phrase(
            COUNT,
            "batch {}",
            "{} concurrent",
            "batch of {}",
            "batch size {}",
            "batch size of {}",
            "{} in flight",
            "{} concurrent requests",
            "{} concurrent users",
            "{} batch",
            "concurrency {}",
            "concurrency of {}",
            "{} at once",
            "{} at a time",
            names=("bs", "concurrency", "concurrent"),
            example="8",
        ),
    ] = Field(None, ge=1, le=100_000)
    """Sequences in flight at once; follows from the load where only requests per hour are said."""
    requests_per_hour: Annotated[float | None, Phrase(RATE, "{}", names=("rph", "rate", "load"))] = Field(
        None, gt=0, le=1e9
    )
    """Requests that arrive in an hour."""
    max_latency_seconds: Annotated[
        float | None,
        Phrase(
            SECONDS,
            "within {}",
            "under {}",
            "< {}",
            "<= {}",
            "below {}",
            "less than {}",
            "max {}",
            "at most {}",
            "in under {}",
            "faster than {}",
            names=("max_latency", "latency", "latency_limit"),
        ),
    ] = Field(None, gt=0, le=86_400)
    """Limit for the whole answer, first to last token."""
    max_ttft_seconds: Annotated[
        float | None,
        Phrase(
            SECONDS,
            "ttft within {}",
            "ttft < {}",
            "ttft under {}",
            "ttft <= {}",
            "first token within {}",
            names=("max_ttft", "ttft"),
        ),
    ] = Field(None, gt=0, le=86_400)
    """Limit for the first token."""
    cache_hit_rate: Annotated[
        Share | None,
        Phrase(
            SHARE,
            "cache {}",
            "{} cache hits",
            "{} cache",
            "{} cached",
            "{} cache hit rate",
            "cache hit {}",
            "cache hits {}",
            "cache hit rate {}",
            "prefix cache {}",
        ),
    ] = None
    """Share of prompt tokens found in the prefix cache."""
