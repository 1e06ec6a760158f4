"""What holds for every deployment and load: more hardware is never slower, more work never faster."""

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from calculator.physics.coefficients import coefficients_of
from calculator.physics.latency import batch_latency, latency
from calculator.physics.saturation import saturated
from calculator.physics.shape import Shape
from calculator.physics.shape_from_specs import shape_of
from tests.calculator.make import deployment

SHAPES = tuple(
    shape_of(deployment(model, gpu, precision, **settings))
    for model, gpu, precision, settings in (
        ("llama-3.1-8b", "h100-sxm", None, {}),
        ("llama-3.1-8b", "h100-sxm", None, {"engine": "sglang"}),
        ("llama-2-70b", "a100-sxm-80gb", None, {"tp": 4, "engine": "tensorrt-llm"}),
        ("mixtral-8x7b", "mi300x", "fp16", {}),
        ("deepseek-r1", "b200", None, {"tp": 8}),
        ("qwen3-30b-a3b", "rtx-4090", "int4-awq", {}),
        ("gpt-oss-120b", "h200-sxm", None, {"tp": 2}),
        ("gemma-3-27b", "l40s", "fp8", {"tp": 2}),
        ("llama-3-70b", "rtx-3090", "q4_k_m", {"pp": 4, "engine": "llama.cpp"}),
        ("llama-3.1-8b", "apple-m2-ultra", "q8_0", {}),
    )
)
shapes = st.sampled_from(SHAPES)
prompts = st.integers(1, 20_000)
outputs = st.integers(2, 8_000)
batches = st.integers(1, 1_000)
factor = st.floats(1.0, 4.0)
SLACK = 1 + 1e-9


@given(shapes, prompts, outputs, batches, factor)
def test_more_memory_bandwidth_is_never_slower(shape, prompt, output, batch, more):
    k = coefficients_of(shape)
    faster = replace(shape, bandwidth_bytes_per_s=shape.bandwidth_bytes_per_s * more)
    before, after = (latency(s, prompt, output, batch, 0.0, k) for s in (shape, faster))
    assert after.ttft_s <= before.ttft_s * SLACK
    assert after.tpot_s <= before.tpot_s * SLACK


@given(shapes, prompts, outputs, batches, factor)
def test_more_flops_are_never_slower(shape, prompt, output, batch, more):
    k = coefficients_of(shape)
    faster = replace(shape, peak_flops=shape.peak_flops * more, peak_flops_16bit=shape.peak_flops_16bit * more)
    before, after = (latency(s, prompt, output, batch, 0.0, k) for s in (shape, faster))
    assert after.ttft_s <= before.ttft_s * SLACK
    assert after.tpot_s <= before.tpot_s * SLACK


@given(shapes, prompts, outputs, batches, batches)
def test_more_in_flight_never_lower_the_total_throughput(shape, prompt, output, batch, more):
    few, many = (n / latency(shape, prompt, output, n).e2e_s for n in (batch, batch + more))
    assert many >= few / SLACK


@given(shapes, prompts, outputs, batches, prompts)
def test_a_longer_prompt_is_never_faster(shape, prompt, output, batch, more):
    # Beyond, TTFT falls by up to 4 % while longer prompts fill llama.cpp's pipeline: those that wait have a limit of tokens.
    assume(shape.pp == 1 or batch <= 700)
    short, long = (latency(shape, n, output, batch) for n in (prompt, prompt + more))
    assert long.ttft_s >= short.ttft_s / SLACK
    assert long.tpot_s >= short.tpot_s / SLACK


@given(shapes, prompts, outputs, batches, outputs)
def test_a_longer_answer_is_never_complete_sooner(shape, prompt, output, batch, more):
    short, long = (batch_latency(shape, prompt, n, batch).e2e_s for n in (output, output + more))
    assert long >= short


@given(shapes, prompts, outputs, batches)
def test_one_request_is_never_slower_alone(shape, prompt, output, batch):
    alone, busy = (latency(shape, prompt, output, n) for n in (1, batch))
    assert alone.e2e_s <= busy.e2e_s * SLACK


@given(st.integers(16, 20_000), st.integers(2, 4_000), batches)
def test_columns_give_what_single_numbers_give(prompt, output, batch):
    many = Shape(**{f.name: np.array([getattr(s, f.name) for s in SHAPES], float) for f in fields(Shape)})
    together = latency(many, float(prompt), float(output), float(batch))
    for row, shape in enumerate(SHAPES):
        alone = latency(shape, float(prompt), float(output), float(batch))
        assert [float(column[row]) for column in together] == pytest.approx([float(value) for value in alone])


@given(shapes, prompts, outputs)
def test_saturation_holds_at_least_one_sequence_and_gives_tokens(shape, prompt, output):
    most = saturated(shape, prompt, output)
    assert most.batch >= 1
    assert most.output_tokens_per_s > 0
