"""Physics of prefill and decode, and a few published measurements as witnesses with their tolerance."""

import pytest

from calculator.physics.coefficients import coefficients_of
from calculator.physics.decode_step import decode_step
from calculator.physics.latency import batch_latency, latency
from calculator.physics.prefill import prefill_s, shared_prefill_s
from calculator.physics.shape_from_specs import shape_of
from tests.calculator.make import deployment

LLAMA_8B_BYTES = 7.504e9 * 2
"""Weights of Llama-3.1-8B that a step reads: 8.03 billion less the input embedding, at 16 bits."""
H100_BYTES_PER_S = 3.35e12


def shape(model="llama-3.1-8b", gpu="h100-sxm", precision=None, **settings):
    return shape_of(deployment(model, gpu, precision, **settings))


def test_a_token_of_one_user_takes_at_least_reading_the_weights_once():
    floor = LLAMA_8B_BYTES / H100_BYTES_PER_S
    assert floor < latency(shape(), 300, 200, 1).tpot_s < 3 * floor


def test_the_parts_of_a_step_add_up_to_it():
    point = latency(shape(), 300, 200, 16)
    parts = point.weights_s + point.compute_s + point.kv_s + point.communication_s + point.overhead_s
    assert parts == pytest.approx(point.decode_step_s)


def test_the_whole_answer_is_the_first_token_and_the_others():
    point = latency(shape(), 300, 200, 16)
    assert point.e2e_s == pytest.approx(point.ttft_s + 199 * point.tpot_s)


def test_a_prompt_takes_at_least_reading_the_weights_and_at_least_its_arithmetic():
    s = shape()
    k = coefficients_of(s)
    assert prefill_s(s, k, 1.0, 1) > LLAMA_8B_BYTES / H100_BYTES_PER_S
    assert prefill_s(s, k, 1.0, 8192) > 2 * 6.98e9 * 8192 / 989.4e12


def test_a_cached_prefix_shortens_the_first_token_only():
    cold, warm = (latency(shape(), 4000, 200, 1, rate) for rate in (0.0, 0.9))
    assert warm.ttft_s < cold.ttft_s
    assert warm.tpot_s == cold.tpot_s


def test_grouped_query_attention_reads_a_smaller_cache():
    long = 3500, 500, 32
    grouped, full = latency(shape("llama-3-8b"), *long), latency(shape("llama-2-7b"), *long)
    assert full.kv_s > 2 * grouped.kv_s


def test_too_few_sequences_do_not_keep_the_memory_busy():
    """TensorRT-LLM 0.9 runs one thread block a sequence and KV head: up to 16 sequences of 8 heads read as long as one."""
    s = shape()
    k = coefficients_of(s)._replace(kv_blocks=128.0, flops_heads=0.9)
    one, four, many = (decode_step(s, k, batch, 4000).kv_s for batch in (1.0, 4.0, 64.0))
    assert four == pytest.approx(one, rel=0.01)
    assert many == pytest.approx(4 * one, rel=0.01)


def test_heads_that_multiply_alone_are_bound_by_arithmetic_not_by_memory():
    h100, h200 = shape("mistral-7b"), shape("mistral-7b", "h200-sxm")
    k = coefficients_of(h100)
    for heads, gain in ((0.002, 1.0), (0.9, 4.8 / 3.35)):
        slow, fast = (decode_step(s, k._replace(flops_heads=heads), 64.0, 4000).kv_s for s in (h100, h200))
        assert slow / fast == pytest.approx(gain, rel=0.02)


def test_a_narrow_cache_is_widened_in_software_where_the_card_has_no_such_floats():
    k = coefficients_of(shape())._replace(flops_heads=0.02, narrow_cache=0.1)
    for gpu, slower in (("a100-sxm-80gb", True), ("h100-sxm", False)):
        wide, narrow = (decode_step(shape(gpu=gpu, kv_precision=kv), k, 64.0, 4000).kv_s for kv in ("fp16", "fp8"))
        assert (narrow > wide) == slower


def test_attention_and_feed_forward_side_by_side_are_exchanged_once():
    assert shape("falcon-180b", tp=8).exchanges == 80
    assert shape("llama-2-70b", tp=8).exchanges == 160


def test_prompts_that_are_read_before_the_first_token_do_not_delay_the_next_ones():
    s = shape()
    k = coefficients_of(s)
    calm, crowded = (latency(s, 2000, 200, 32, coefficients=k._replace(burst=share)) for share in (0.1, 0.9))
    assert crowded.ttft_s > calm.ttft_s
    assert crowded.tpot_s < calm.tpot_s


def test_few_tokens_visit_few_experts():
    s = shape("mixtral-8x7b", "h200-sxm")
    k = coefficients_of(s)
    one, many = (decode_step(s, k, batch, 100).weights_s for batch in (1.0, 64.0))
    assert many > 2.5 * one
    assert one > 12.6e9 * 2 / 4.8e12


def test_exchanges_take_time_only_between_several_accelerators():
    assert latency(shape(), 300, 200, 1).communication_s == 0
    assert latency(shape(tp=2), 300, 200, 1).communication_s > 0


def test_beyond_a_bridge_of_two_exchanges_go_over_pcie():
    """An H100 NVL pair is bridged; four of them talk over PCIe (TensorRT-LLM 0.9 took 2 to 3 times as long)."""
    two, four = (shape("llama-2-70b", "h100-nvl", "fp8", tp=tp) for tp in (2, 4))
    assert latency(four, 2000, 100, 8).communication_s > 3 * latency(two, 2000, 100, 8).communication_s


def test_a_pipeline_does_not_shorten_the_token_of_one_user():
    one, four = (latency(shape("llama-3-70b", "h100-sxm", pp=pp), 300, 200, 1).tpot_s for pp in (1, 4))
    assert four >= one


def test_replicas_share_the_sequences():
    assert latency(shape(replicas=4), 300, 200, 64).tpot_s == pytest.approx(latency(shape(), 300, 200, 16).tpot_s)


def test_others_in_flight_delay_the_first_token_and_the_next_ones():
    alone, busy = (latency(shape(), 2000, 200, batch) for batch in (1, 32))
    assert busy.ttft_s > alone.ttft_s
    assert busy.tpot_s > busy.decode_step_s
    assert alone.tpot_s == alone.decode_step_s


def test_a_prompt_read_with_others_takes_less_than_alone():
    for s in (shape(), shape("llama-2-70b", "a100-sxm-80gb", tp=4), shape("deepseek-r1", "b200", tp=8)):
        k = coefficients_of(s)
        for tokens in (1, 100, 8000):
            alone = prefill_s(s, k, 1.0, tokens)
            assert 0 < shared_prefill_s(s, k, alone, tokens) < alone


def test_a_static_batch_waits_for_all_its_prompts():
    s = shape()
    assert batch_latency(s, 2000, 200, 32).ttft_s > 10 * batch_latency(s, 2000, 200, 1).ttft_s


def test_without_a_prompt_decoding_starts_from_an_empty_context():
    s = shape("llama-3-8b", "rtx-3090", "q4_k_m", engine="llama.cpp")
    assert batch_latency(s, 0, 512, 1).ttft_s < batch_latency(s, 512, 512, 1).ttft_s


@pytest.mark.parametrize(
    ("source", "model", "gpu", "precision", "engine", "tp", "prompt", "output", "batch", "tpot_ms", "within"),
    [
        ("GPU-Benchmarks-on-LLM-Inference", "llama-3-8b", "rtx-3090", "q4_k_m", "llama.cpp", 1, 0, 512, 1, 8.66, 0.2),
        ("GPU-Benchmarks-on-LLM-Inference", "llama-3-8b", "rtx-3090", "q4_k_m", "llama.cpp", 1, 0, 4096, 1, 10.28, 0.2),
        ("llmperf on an A10G, TPOT", "llama-3-8b", "a10g", "fp16", "vllm", 1, 550, 150, 1, 29.9, 0.2),
    ],
)
def test_published_speeds_are_met(source, model, gpu, precision, engine, tp, prompt, output, batch, tpot_ms, within):
    point = batch_latency(shape(model, gpu, precision, engine=engine, tp=tp), prompt, output, batch)
    assert point.tpot_s * 1e3 == pytest.approx(tpot_ms, rel=within), source
