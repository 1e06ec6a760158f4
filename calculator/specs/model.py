"""What a model is: its architecture, its names and sources, and the counts that follow (see counts.py)."""

from functools import cached_property

from calculator.base import Frozen
from calculator.errors import QuestionError
from calculator.specs.architecture import Architecture
from calculator.specs.counts import Cache, Counts, cache, count


class ModelNames(Frozen):
    """What a model is called, and by whom."""

    key: str
    """Name in the catalog: `llama-3.1-8b`."""
    display_name: str
    """Name for people."""
    hf_id: str | None = None
    """Repository on Hugging Face."""
    family: str | None = None
    """Family: `Llama`, `Qwen3`."""
    license: str | None = None
    """Licence, where known."""
    release_date: str | None = None
    """Date of release, ISO."""


class ModelSpec(Architecture, ModelNames):
    """One open model, pasted from its config.json, not translated."""

    architecture_source: str | None = None
    """Where the architecture is from."""
    params_source: str | None = None
    """Where the published counts are from."""
    date_license_source: str | None = None
    """Where date and licence are from."""
    notes: str | None = None
    """What to know about it."""

    def __hash__(self) -> int:
        return hash(self.key)

    @cached_property
    def counts(self) -> Counts:
        """Exact parameter counts."""
        return count(self)

    @cached_property
    def cache(self) -> Cache:
        """What one token, and one sequence, leave in the KV cache; QuestionError where no formula covers it."""
        if self.attention == "compressed" and self.stated_kv_bytes_per_token is None:
            raise QuestionError(
                "model_size",
                f"The KV cache of {self.display_name} is not published, so its memory on hardware is unknown. "
                f"Type `hosted {self.key}` for its price as a service, or another model.",
            )
        return cache(self)
