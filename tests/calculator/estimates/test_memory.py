"""How memory behaves: sums, bounds and directions, over the whole catalog where that is cheap."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calculator import catalog
from calculator.base import GIB
from calculator.estimates.memory import memory_of
from calculator.physics.memory import budget, kv_bytes_per_sequence, kv_shards
from calculator.physics.shape_from_specs import shape_of
from tests.calculator.make import deployment, workload

MODELS = st.sampled_from([key for key in catalog.model_keys() if key != "deepseek-v4-flash"])
GPUS = st.sampled_from(catalog.gpu_keys())
TOKENS = st.integers(1, 200_000)
BATCHES = st.integers(1, 2_000)


@given(MODELS, GPUS, TOKENS, BATCHES)
@settings(max_examples=150, deadline=None)
def test_the_parts_add_up_to_the_total_and_fitting_is_exactly_a_hundred_percent(model, gpu, tokens, batch):
    memory = memory_of(deployment(model, gpu), workload(tokens, 10, batch_size=batch))
    assert sum(value for _, value in memory.parts) == pytest.approx(memory.total_memory_gb)
    assert memory.memory_utilization_percent == pytest.approx(100 * memory.total_memory_gb / memory.label_gb)
    assert memory.memory_fits == (memory.memory_utilization_percent <= 100)
    assert all(value >= 0 for _, value in memory.parts)


@given(MODELS, GPUS, TOKENS, BATCHES)
@settings(max_examples=100, deadline=None)
def test_what_fits_starts_and_what_does_not_fit_says_why_and_what_to_set(model, gpu, tokens, batch):
    memory = memory_of(deployment(model, gpu), workload(tokens, 10, batch_size=batch))
    if memory.memory_fits:
        assert memory.will_start
        assert memory.reason is None
        assert memory.max_concurrent_sequences >= batch
    else:
        assert memory.reason
        assert memory.remedy


@given(MODELS, TOKENS, BATCHES, st.integers(1, 8))
@settings(max_examples=60, deadline=None)
def test_more_memory_is_never_worse(model, tokens, batch, factor):
    small = deployment(model, "l40s", max_num_batched_tokens=2048, max_num_seqs=256)
    bigger = small.gpu.model_copy(
        update={"memory_label_gb": small.gpu.memory_label_gb * factor, "reported_gib": small.gpu.reported_gib * factor}
    )
    load = workload(tokens, 10, batch_size=batch)
    before, after = memory_of(small, load), memory_of(small.model_copy(update={"gpu": bigger}), load)
    assert after.memory_utilization_percent <= before.memory_utilization_percent + 1e-9
    assert after.max_concurrent_sequences >= before.max_concurrent_sequences
    assert after.max_context_tokens >= before.max_context_tokens


@given(MODELS, TOKENS, TOKENS)
@settings(max_examples=60, deadline=None)
def test_a_longer_context_never_takes_less_cache(model, one, other):
    shape = shape_of(deployment(model))
    assert kv_bytes_per_sequence(shape, min(one, other)) <= kv_bytes_per_sequence(shape, max(one, other))


def test_cache_is_allocated_in_blocks_of_sixteen_tokens():
    shape = shape_of(deployment("llama-3.1-70b"))
    assert kv_bytes_per_sequence(shape, 1) == kv_bytes_per_sequence(shape, 16) == 16 * 327_680
    assert kv_bytes_per_sequence(shape, 17) == 32 * 327_680


def test_kv_heads_are_replicated_beyond_their_number():
    assert kv_shards(shape_of(deployment("llama-3.1-70b", tp=8))) == 8
    assert kv_shards(shape_of(deployment("llama-3.1-70b", tp=16))) == 8


def test_uneven_kv_heads_are_held_by_the_fullest_rank():
    assert kv_shards(shape_of(deployment("phi-4", tp=4))) == pytest.approx(10 / 3)


def test_the_latent_of_mla_is_not_divided_by_tp():
    assert kv_shards(shape_of(deployment("deepseek-r1", "h200-sxm", tp=8))) == 1


def test_windowed_layers_stop_growing_at_their_window():
    shape = shape_of(deployment("mistral-7b-v0.1"))
    assert kv_bytes_per_sequence(shape, 4_096) == kv_bytes_per_sequence(shape, 32_000) == 4_096 * 131_072


def test_the_linear_state_does_not_grow_with_the_context():
    shape = shape_of(deployment("qwen3-next-80b-a3b"))
    growth = kv_bytes_per_sequence(shape, 32_000) - kv_bytes_per_sequence(shape, 16_000)
    assert growth == 16_000 * 24_576


def test_an_fp8_cache_holds_twice_the_sequences():
    wide, narrow = (
        memory_of(deployment("llama-3.1-70b", tp=4, kv_precision=kv), workload(4_000, 96)) for kv in ("fp16", "fp8")
    )
    assert narrow.max_concurrent_sequences == pytest.approx(2 * wide.max_concurrent_sequences, abs=1)


def test_experts_are_in_memory_whole_although_few_are_active():
    memory = memory_of(deployment("mixtral-8x7b", "h200-sxm"), workload())
    assert memory.parts.weights == pytest.approx(46.7e9 * 2 / GIB, rel=0.01)


def test_data_parallel_attention_copies_attention_and_spreads_experts():
    tensor = budget(shape_of(deployment("deepseek-r1", "h200-sxm", tp=8)), 4_096, 64)
    data = budget(shape_of(deployment("deepseek-r1", "h200-sxm", dp=8)), 4_096, 64)
    assert data.weights > tensor.weights
    assert data.kv_cache == pytest.approx(tensor.kv_cache / 8)


def test_llama_cpp_takes_what_it_needs_where_vllm_keeps_a_tenth_free():
    ollama = memory_of(deployment("llama-3.1-8b", "rtx-4090", "q4_k_m"), workload())
    assert ollama.parts.reserved == pytest.approx(24 - 23.6)
    vllm = memory_of(deployment("llama-3.1-8b", "rtx-4090"), workload())
    assert vllm.parts.reserved + vllm.parts.cuda_graphs == pytest.approx(24 - 0.9 * 23.6)


def test_tensorrt_llm_keeps_a_tenth_of_what_is_free():
    vllm = memory_of(deployment("llama-3.1-8b"), workload())
    trt = memory_of(deployment("llama-3.1-8b", engine="tensorrt-llm"), workload())
    assert trt.parts.reserved < vllm.parts.reserved


def test_a_batch_beyond_the_cache_does_not_fit_though_the_engine_starts():
    memory = memory_of(deployment("llama-2-13b", "a100-sxm-40gb"), workload(1_000, 1_000, batch_size=100))
    assert memory.will_start
    assert not memory.memory_fits
    assert f"batch_size to {memory.max_concurrent_sequences}" in memory.remedy


def test_replicas_share_the_batch():
    one = memory_of(deployment("llama-2-7b", "a100-sxm-40gb"), workload(batch_size=8))
    two = memory_of(deployment("llama-2-7b", "a100-sxm-40gb", replicas=2), workload(batch_size=16))
    assert two.total_memory_gb == pytest.approx(2 * one.total_memory_gb)
    assert two.memory_utilization_percent == pytest.approx(one.memory_utilization_percent)


def test_no_context_is_longer_than_the_model_takes():
    assert memory_of(deployment("llama-2-7b", "h200-sxm"), workload()).max_context_tokens == 4_096
