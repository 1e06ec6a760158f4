"""What a field of an estimate may hold: shares, positive numbers, and what is chosen by a word."""

from typing import Annotated

from pydantic import Field

from bot.language.quantities import choice

Share = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[float, Field(gt=0, le=1e9)]
MODES = choice(
    "a deployment mode",
    {
        "local": ("on-prem", "on-premises", "on premise", "onprem", "self-hosted", "owned"),
        "cloud": ("rented",),
        "hybrid": (),
        "api": ("hosted", "hosted api", "via api"),
    },
)
USE_CASES = choice(
    "a use case",
    {
        "chat": ("chatbot", "chat bot", "customer support", "support chat"),
        "content": ("content generation", "writing", "articles"),
        "code": ("code assistant", "coding", "code completion"),
        "rag": ("retrieval",),
        "batch jobs": ("batch job", "batch processing", "batch work", "overnight jobs"),
        "summaries": ("summary", "summarisation", "summarization", "summarise", "summarize"),
    },
)
KV = choice("a KV cache precision", {"fp16": ("bf16", "16-bit"), "fp8": ("8-bit",), "int8": ()})
PRICES = choice(
    "a choice of price", {"median": (), "cheapest": ("cheapest price",), "spot": ("spot price", "preemptible")}
)
