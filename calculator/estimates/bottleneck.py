"""Why: what an answer mostly waits for, and what would move it, tried out before it is said."""

from collections.abc import Iterator
from itertools import chain, islice
from typing import Literal

from calculator.base import Frozen
from calculator.estimates.variants import Case, Change, larger, narrower, narrower_cache, wider

Phase = Literal[
    "memory", "queue", "first_token", "other_prompts", "weights", "kv_cache", "compute", "communication", "overhead"
]
WORDS: dict[Phase, str] = {
    "memory": "room in memory",
    "queue": "the queue: more arrives than is finished",
    "first_token": "the first token (compute on prompts)",
    "other_prompts": "other requests' prompts (compute)",
    "weights": "memory bandwidth (reading the weights)",
    "kv_cache": "memory bandwidth (reading the KV cache)",
    "compute": "compute",
    "communication": "communication between accelerators",
    "overhead": "the engine's own work in every step",
}
WORTH = 0.95
"""A change that leaves more than this share of the time moves nothing."""
MOST_TRIED = 3


class Binding(Frozen):
    """What binds: the phase that an answer waits for most, and the lever that moves it."""

    phase: Phase
    """Which phase."""
    words: str
    """The same for people."""
    share: float | None = None
    """Its share of the whole answer."""
    lever: str | None = None
    """What to change, with the seconds that this gives; None where nothing that was tried moves it."""


def binding_of(case: Case) -> Binding | None:
    """What binds this deployment under this workload; None where its speed is not known."""
    if not (case.memory.memory_fits and case.memory.will_start):
        return Binding(phase="memory", words=WORDS["memory"], lever=case.memory.remedy)
    if case.load and case.load.overloaded:
        count = case.load.replicas_needed or case.load.replicas_to_keep_up
        return Binding(phase="queue", words=WORDS["queue"], lever=f"{count} replicas keep up")
    parts, total = case.latency.parts, case.latency.total_latency_seconds
    if not parts or not total:
        return None
    phase = max((name for name in WORDS if name in parts), key=lambda name: parts[name])
    return Binding(phase=phase, words=WORDS[phase], share=parts[phase] / total, lever=_lever(case, phase, total))


def _lever(case: Case, phase: Phase, total: float) -> str | None:
    """The first change that moves it; for the first token also prompts that need not be computed."""
    for words, changed in islice(_changes(case, phase), MOST_TRIED):
        seconds = case.tried(changed)
        if seconds is not None and seconds < WORTH * total:
            return f"{words}: {_seconds(seconds)}"
    if phase in {"first_token", "other_prompts"} and not case.workload.cache_hit_rate:
        seconds = case.tried(case.deployment, case.workload.model_copy(update={"cache_hit_rate": 0.5}))
        return f"half of each prompt from the prefix cache: {_seconds(seconds)}" if seconds else None
    return "a larger batch shares it" if phase == "overhead" else None


def _changes(case: Case, phase: Phase) -> Iterator[Change]:
    d = case.deployment
    if phase == "kv_cache":
        return chain(narrower_cache(d), wider(d), larger(d))
    if phase == "communication":
        return _closer(case)
    return chain(islice(narrower(d), 1), islice(wider(d), 1), larger(d))


def _closer(case: Case) -> Iterator[Change]:
    """Fewer accelerators that exchange, where they hold it; else larger ones."""
    d = case.deployment
    if d.tp > 1:
        yield f"tp {d.tp // 2}", d.model_copy(update={"tp": d.tp // 2})
    yield from larger(d)


def _seconds(value: float) -> str:
    return f"{value:.3g} s" if value >= 1 else f"{value * 1000:.3g} ms"
