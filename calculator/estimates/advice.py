"""What to change, in words with figures: each sentence is tried out before it is said."""

from collections.abc import Iterator

from calculator.estimates.compatibility import worst_ratio
from calculator.estimates.memory import memory_of
from calculator.estimates.variants import Case, larger, narrower, wider

HIGH_MEMORY_PERCENT = 85.0
LOW_MEMORY_PERCENT = 70.0
MOST = 4


def advice(case: Case) -> tuple[str, ...]:
    """At most four sentences, the most pressing first."""
    if not case.memory.memory_fits:
        return tuple(_does_not_fit(case))[:MOST]
    found = [*_context(case), *_start(case), *_latency(case), *_overload(case), *_memory(case), *_batch(case)]
    return tuple(found or _praise(case))[:MOST]


def _context(case: Case) -> Iterator[str]:
    model, tokens = case.deployment.model, case.workload.tokens
    if tokens > model.max_position_embeddings:
        longest = f"{model.max_position_embeddings:,} of {model.display_name}"
        yield f"{tokens:,} tokens exceed the {longest} - shorten the request"
    elif model.context_without_yarn and tokens > model.context_without_yarn:
        yield f"{tokens:,} tokens need YaRN: {model.display_name} takes {model.context_without_yarn:,} without it"


def _start(case: Case) -> Iterator[str]:
    """VLLM refuses to start where one sequence of the model's longest context has no room, unless told a shorter one."""
    d, room = case.deployment, case.memory.max_context_tokens
    longest = d.model.max_position_embeddings
    if d.engine.key == "vllm" and d.max_model_len is None and room < longest:
        yield f"Set max_model_len to {room:,} or less: with its default, the model's {longest:,}, {d.engine.display_name} will not start"


def _does_not_fit(case: Case) -> Iterator[str]:
    d, memory = case.deployment, case.memory
    cards = "a single" if d.gpus == 1 else f"{d.gpus}"
    yield (
        f"Model too large for {cards} {d.gpu.display_name}: {memory.total_memory_gb:.1f} of {memory.label_gb:g} GB"
        if memory.kv_room_gb < 0
        else f"Memory exceeds hardware capacity ({memory.memory_utilization_percent:.0f}%): {memory.reason}"
    )
    if d.max_model_len and d.max_model_len > memory.max_context_tokens > 0:
        yield f"Set max_model_len to {memory.max_context_tokens:,}: that long a context fits"
    if 0 < memory.max_concurrent_sequences < case.workload.batch_size:
        yield f"Reduce batch size to {memory.max_concurrent_sequences}: that many sequences fit"
    for options in (narrower(d), wider(d), larger(d)):
        tried = ((words, memory_of(changed, case.workload)) for words, changed in options)
        fitting = next(((words, found) for words, found in tried if found.memory_fits), None)
        if fitting:
            yield f"Consider {fitting[0]}: it fits with {fitting[1].memory_utilization_percent:.0f}% of memory"


def _latency(case: Case) -> Iterator[str]:
    w, seconds = case.workload, case.latency.total_latency_seconds
    ratio = worst_ratio(case.latency, w)
    if ratio is None or ratio <= 1 or seconds is None:
        return
    if w.max_latency_s is None or seconds <= w.max_latency_s:
        yield f"Exceeds the limit for first token or time per token {ratio:.2g} times - use a faster card, or tp"
        return
    yield f"Exceeds the latency requirement: {seconds:.2f} s against {w.max_latency_s:g} s"
    yield from _faster(case, w.max_latency_s)


def _faster(case: Case, limit: float) -> Iterator[str]:
    """Changes that meet the limit; where none does, the best of them and how short an answer would."""
    d, tried = case.deployment, {}
    for words, changed in (*narrower(d), *wider(d), *larger(d)):
        seconds = case.tried(changed)
        if seconds is not None:
            tried[words] = seconds
            if seconds <= limit:
                yield f"Consider {words}: {seconds:.2f} s"
                return
    if tried:
        words = min(tried, key=lambda name: tried[name])
        yield f"Consider {words}: {tried[words]:.2f} s, closer to the limit"
    tpot, ttft = case.latency.tpot_seconds, case.latency.ttft_seconds
    if tpot and ttft is not None and ttft < limit:
        yield f"At most {int((limit - ttft) / tpot) + 1} output tokens come within {limit:g} s"


def _overload(case: Case) -> Iterator[str]:
    load, d = case.load, case.deployment
    if load is None:
        return
    rate = f"{load.requests_per_hour:,.0f} requests per hour"
    if load.overloaded:
        enough = f" - use {load.replicas_needed} replicas" if load.replicas_needed else ""
        yield f"Overloaded: {rate} against a capacity of {load.capacity_requests_per_hour:,.0f}{enough}"
    elif load.replicas_needed and load.replicas_needed > d.replicas:
        yield f"Use {load.replicas_needed} replicas: at {rate} one answer in twenty is late with {d.replicas}"


def _memory(case: Case) -> Iterator[str]:
    memory = case.memory
    if memory.memory_utilization_percent > HIGH_MEMORY_PERCENT:
        percent, most = memory.memory_utilization_percent, memory.max_concurrent_sequences
        yield f"High memory utilization ({percent:.0f}%) - monitor closely: at most {most} such sequences fit"


def _batch(case: Case) -> Iterator[str]:
    """A larger batch, where memory and the limit allow twice the sequences and it pays."""
    w, memory, latency = case.workload, case.memory, case.latency
    seconds, limit = latency.total_latency_seconds, w.max_latency_s
    if seconds is None or memory.memory_utilization_percent > LOW_MEMORY_PERCENT:
        return
    if (limit is not None and seconds > limit) or (case.load and case.load.utilization < 0.5):
        return
    for batch in (4 * w.batch_size, 2 * w.batch_size):
        larger = w.model_copy(update={"batch_size": batch})
        changed = case.tried(case.deployment, larger)
        gain = 0 if changed is None else batch / w.batch_size * seconds / changed
        if changed is not None and gain > 1.3 and (limit is None or changed <= limit):
            better = f"{gain:.1f}x the throughput at {changed:.2f} s per answer"
            yield f"Consider increasing batch size to {batch} for {better}"
            return


def _praise(case: Case) -> Iterator[str]:
    limit, seconds = case.workload.max_latency_s, case.latency.total_latency_seconds
    percent = case.memory.memory_utilization_percent
    if limit is not None and seconds is not None:
        yield f"Excellent performance: {seconds:.2f} s against a limit of {limit:g} s, {percent:.0f}% of memory"
    else:
        yield f"Good fit: {percent:.0f}% of memory, room for {case.memory.max_concurrent_sequences} such sequences"
