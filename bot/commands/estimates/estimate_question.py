"""The question behind every estimate, field by field: what can be said, and how."""

from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from bot.commands.estimates.choices import KV, MODES, PRICES, USE_CASES
from bot.desk.question import Question
from bot.language.names import Hardware, Named, SaidWithHardware, engine_words, precisions, provider_words, region_words
from bot.language.phrases import Phrase
from bot.language.quantities import COUNT, FACTOR, RATE, SECONDS, SHARE, USD, USD_PER_HOUR, USD_PER_KWH
from bot.language.shared_words import CHANNEL
from calculator.errors import QuestionError

Share = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[float, Field(gt=0, le=1e9)]


class EstimateQuestion(Question):
    """What does it take to serve this model on this hardware under this load?"""

    word: ClassVar[str] = ""

    model_size: Annotated[str | None, Named("a model", "llama-3.1-8b", names=("model",))] = None
    """The model: a name of the catalog, or a size such as 7B."""
    precision: Annotated[
        str | None, Phrase(precisions, "{}", "{} weights", names=("weights", "quantization", "dtype"), joint=" ")
    ] = None
    """Precision of the weights; the model's own where none is said."""
    kv_cache: Annotated[
        str | None, Phrase(KV, "kv {}", "{} kv", "kv cache {}", "{} kv cache", names=("kv_cache_dtype",))
    ] = None
    """Precision of the KV cache; 16 bits where none is said."""
    hardware_type: Annotated[
        str | None, Hardware("hardware", "RTX4090", names=("hardware", "gpu", "gpu_type", "accelerator"))
    ] = None
    """The accelerator, with how many: RTX4090, 2xH100."""
    gpus: Annotated[
        int | None,
        SaidWithHardware(COUNT, "{} gpus", "{} gpu", "{} cards", names=("gpu_count", "num_gpus"), example="2"),
    ] = Field(None, ge=1, le=4096)
    """How many accelerators in all."""
    tp: Annotated[
        int | None,
        Phrase(COUNT, "tp {}", "tensor parallel {}", names=("tensor_parallel_size", "tensor_parallel"), example="2"),
    ] = Field(None, ge=1, le=1024)
    """Tensor parallel: accelerators that share every layer."""
    pp: Annotated[
        int | None,
        Phrase(
            COUNT, "pp {}", "pipeline parallel {}", names=("pipeline_parallel_size", "pipeline_parallel"), example="2"
        ),
    ] = Field(None, ge=1, le=1024)
    """Pipeline parallel: groups of accelerators that hold the layers one after another."""
    replicas: Annotated[int | None, Phrase(COUNT, "{} replicas", "{} replica", "{} copies", example="2")] = Field(
        None, ge=1, le=4096
    )
    """Independent copies of the model."""
    engine: Annotated[str | None, Phrase(engine_words, "{}")] = None
    """Serving engine; vLLM, or llama.cpp for GGUF and Apple, where none is said."""
    deployment_mode: Annotated[str | None, Phrase(MODES, "{}", names=("deployment", "mode"))] = None
    """local (owned), cloud (rented), hybrid (owned for the base, rented for the rest) or api (a hosted model)."""
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
    usd_per_gpu_hour: Annotated[
        Positive | None, Phrase(USD_PER_HOUR, "{}", "at {}", names=("price", "price_per_hour"))
    ] = None
    """A price of your own for one accelerator for one hour."""
    discount: Annotated[Share | None, Phrase(SHARE, "{} discount", "{} off", "discount {}", "discount of {}")] = None
    """Committed or negotiated discount on the price."""
    provider: Annotated[str | None, Phrase(provider_words, "{}", "from {}")] = None
    """The provider whose price counts."""
    region: Annotated[str | None, Phrase(region_words, "{}", "in {}")] = None
    """The region whose price counts."""
    price_choice: Annotated[str | None, Phrase(PRICES, "{}", names=("pricing",))] = None
    """median (the default), cheapest or spot, among the providers."""
    hours_per_month: Annotated[
        float | None,
        Phrase(FACTOR, "{} hours a month", "{} hours per month", "{} h/month", "{} hours/month", example="176"),
    ] = Field(None, gt=0, le=744)
    """Hours a month that the deployment is kept; your default where none is said, else 720."""
    local_share: Annotated[Share | None, Phrase(SHARE, "{} local", "local share {}", "{} on own cards")] = None
    """In hybrid mode, the share of requests on owned hardware."""
    purchase_price_usd: Annotated[
        Positive | None,
        Phrase(USD, "card price {}", "bought for {}", "purchase price {}", names=("card_price", "gpu_cost")),
    ] = None
    """What one owned accelerator cost."""
    lifetime_years: Annotated[Positive | None, Phrase(FACTOR, "over {} years", "{} years", example="4")] = None
    """Years over which an owned accelerator is written off."""
    duty: Annotated[
        Share | None, Phrase(SHARE, "{} busy", "{} utilization", "{} utilisation", "busy {}", names=("utilization",))
    ] = None
    """Share of the time that owned hardware is in use."""
    usd_per_kwh: Annotated[
        Positive | None,
        Phrase(USD_PER_KWH, "{}", "electricity {}", names=("electricity",)),
    ] = None
    """Price of electricity."""
    pue: Annotated[float | None, Phrase(FACTOR, "pue {}")] = Field(None, ge=1, le=3)
    """Power usage effectiveness of the room."""
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
