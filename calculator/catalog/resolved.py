"""What a name was understood as."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from calculator.base import Frozen

T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Resolved(Generic[T_co]):
    """A spec, and how the words led to it."""

    spec: T_co
    """What was meant."""
    typed: str
    """The words as typed."""
    note: str | None = None
    """What to tell the person: `A100 -> A100 SXM4 40GB`; None where the words name it plainly."""
    alternatives: tuple[str, ...] = ()
    """Keys of others that may have been meant."""
    precision: str | None = None
    """A precision that was part of the name: `-AWQ`, `-FP8`."""
    assumed: bool = False
    """Whether the spec is an assumption (GPT-4)."""


class Quality(Frozen):
    """Published scores of a model, mostly self-reported. The two arena columns are different scales."""

    key: str
    """Name in the catalog."""
    display_name: str
    """Name for people."""
    kind: str
    """open, open-listed or api."""
    mmlu: float | None = None
    """MMLU, as a fraction."""
    mmlu_pro: float | None = None
    """MMLU-Pro, as a fraction."""
    gpqa_diamond: float | None = None
    """GPQA Diamond, as a fraction."""
    lmarena_elo_2025_08: float | None = None
    """LMArena text rating of August 2025."""
    arena_score_2026_04: float | None = None
    """Arena AI text score of April 2026; another scale."""
    tier: str
    """small, basic, good, strong or frontier."""
    sources: str
    """Where the scores are from."""


class HostedOffer(Frozen):
    """One provider's price of a hosted model, short-context tier."""

    provider: str
    """Who hosts it."""
    model_ref: str
    """What genai-prices calls it there."""
    usd_per_mtok_input: float
    """Dollars per million prompt tokens."""
    usd_per_mtok_output: float
    """Dollars per million output tokens."""
    usd_per_mtok_cached_input: float | None = None
    """Dollars per million prompt tokens read from the provider's cache; None where it has no such price."""
    context_window: int | None = None
    """Longest context there."""
    deprecated: bool = False
    """Whether the provider is retiring it."""
    source: str
    """Where the price is from."""


class HostedModel(Frozen):
    """A model as a service: no architecture, priced per token."""

    key: str
    """Name in the catalog."""
    display_name: str
    """Name for people."""
    offers: tuple[HostedOffer, ...] = ()
    """What providers charge; empty where none is known."""
    quality: Quality | None = None
    """Published scores, where any are."""
