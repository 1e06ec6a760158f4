"""The command that starts a deployment with what its estimate assumed, and what to know before it is typed.

A flag is given only where the estimate depends on its value or where it differs from the engine's default: defaults
move between versions and cards (vLLM's gpu_memory_utilization is 0.9 until 0.21 and 0.92 from 0.22).
"""

import shlex

from calculator.base import Frozen
from calculator.estimates.estimate import Estimate
from calculator.estimates.memory import fits
from calculator.launch.flags import ENGINES, Sized
from calculator.specs.deployment import Deployment
from calculator.specs.workload import Workload

CONTEXT_STEP = 1024
"""A longest sequence is rounded up to this many tokens where the engine keeps no room for it."""
SLOT_STEP = 256
"""The same where it does, as llama.cpp for every slot."""
CARDS_OF_A_SERVER = 8


class Launch(Frozen):
    """How a deployment is started."""

    engine: str
    """The engine's name for people."""
    lines: tuple[str, ...] = ()
    """One command for each kind of copy; none where nothing can be started."""
    notes: tuple[str, ...] = ()
    """What to know: what stands for what, how many copies, or why there is no command."""


def launch_line(estimate: Estimate) -> Launch:
    """The command for the estimate's engine; where it does not fit, the reason and the remedy."""
    d, memory = estimate.deployment, estimate.memory
    name = d.engine.display_name
    if not (memory.memory_fits and memory.will_start):
        remedy = (f"What would help: {memory.remedy}.",) if memory.remedy else ()
        reason = memory.reason or "it does not fit"
        return Launch(engine=name, notes=(f"{reason[0].upper()}{reason[1:]}.", *remedy))
    write = ENGINES.get(d.engine.key)
    if write is None:
        return Launch(
            engine=name, notes=(f"I know no command for {name}. The estimate assumed {_settings(estimate)}.",)
        )
    words, notes = write(d, _sized(estimate))
    return Launch(
        engine=name, lines=(_quoted(words),), notes=(*notes, *_about_copies(estimate), *_about_length(estimate))
    )


def context_of(estimate: Estimate) -> int:
    """The longest sequence to start with: as said, else what a request needs, rounded up as far as memory goes."""
    d, longest = estimate.deployment, estimate.memory.max_context_tokens
    need = estimate.workload.tokens
    if d.max_model_len:
        return min(d.max_model_len, longest)
    if d.engine.key != "llama.cpp":
        return min(-(-need // CONTEXT_STEP) * CONTEXT_STEP, longest)
    rounded = -(-need // SLOT_STEP) * SLOT_STEP
    return rounded if _holds(d, estimate.workload, rounded) and rounded <= longest else need


def _holds(d: Deployment, w: Workload, tokens: int) -> bool:
    return fits(d, w.model_copy(update={"input_tokens": tokens - w.output_tokens}))


def _sized(estimate: Estimate) -> Sized:
    batch = -(-estimate.workload.batch_size // estimate.deployment.replicas)
    return Sized(context=context_of(estimate), batch=batch)


def _quoted(words: list[str]) -> str:
    return " ".join(shlex.quote(word) for word in words)


def _settings(estimate: Estimate) -> str:
    """What was assumed, in words, for an engine whose command is not known."""
    d, sized = estimate.deployment, _sized(estimate)
    split = f"tp {d.tp}, pp {d.pp}" + (f", dp {d.dp}" if d.dp > 1 else "")
    return (
        f"{split}, {d.precision.label} weights, a KV cache in {d.kv_precision}, {d.memory_share:.0%} of the memory, "
        f"sequences of {sized.context:,} tokens and {sized.batch} at once"
    )


def _about_copies(estimate: Estimate) -> tuple[str, ...]:
    """How many times the command is started, and on how many cards."""
    d, load = estimate.deployment, estimate.load
    needed = max(d.replicas, (load.replicas_needed or 0) if load else 0)
    notes = []
    if needed > 1:
        cards = f"{d.gpus_per_replica} cards" if d.gpus_per_replica > 1 else "a card"
        more = f" ({d.replicas} asked for; the peak needs {needed})" if needed > d.replicas else ""
        notes.append(
            f"Start {needed} copies{more}, each on {cards} and a port of its own, with a load balancer in front of them."
        )
    if d.gpus_per_replica > CARDS_OF_A_SERVER:
        notes.append(
            f"One copy takes {d.gpus_per_replica} cards, more than one server usually has: "
            f"join the servers first, as {d.engine.display_name} describes for several nodes."
        )
    return tuple(notes)


def _about_length(estimate: Estimate) -> tuple[str, ...]:
    plain = estimate.deployment.model.context_without_yarn
    if plain and context_of(estimate) > plain:
        return (f"Beyond {plain:,} tokens this model needs YaRN: set it as its model card says.",)
    return ()
