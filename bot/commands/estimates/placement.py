"""What is said of what runs, and on what: the model, its precision, the accelerators and how they share the work."""

from typing import Annotated

from pydantic import Field

from bot.commands.estimates.choices import KV, MODES
from bot.desk.question import Question
from bot.language.names import Hardware, Named, SaidWithHardware, engine_words, precisions
from bot.language.phrases import Phrase
from bot.language.quantities import COUNT


class Placement(Question):
    """What runs, and on what."""

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
