"""Rows of published measurements as questions: layouts, versions and precisions as their notes tell them."""

import pytest

from calculator.errors import CalculatorError
from calculator.measured.rows import point_of

ROW = {
    "gpu_key": "h200-sxm", "model_key": "deepseek-r1", "metric_kind": "serving_point", "engine": "sglang",
    "weight_precision": "fp8", "num_gpus": "8.0", "tp": "8.0", "pp": "1.0", "concurrency": "16.0",
    "input_tokens": "1024.0", "output_tokens": "1024.0", "notes": "", "source_date": "2025-12-13",
}  # fmt: skip


def point(**changes):
    return point_of(ROW | changes)


def test_clients_of_a_closed_loop_are_sequences_in_flight():
    assert (point().mode, point().batch) == ("flight", 16)


def test_a_row_with_only_a_rate_is_an_open_loop():
    asked = point(concurrency="", request_rate_per_s="4.0")
    assert (asked.mode, asked.requests_per_s) == ("arrivals", 4)


def test_a_throughput_without_a_batch_is_saturated_and_one_with_a_batch_is_not():
    assert point(metric_kind="throughput_max", concurrency="").mode == "saturated"
    assert point(metric_kind="throughput_max", concurrency="", batch_size="64").mode == "batch"


@pytest.mark.parametrize(
    ("changes", "layout"),
    [
        ({}, (8, 1, 1, 1)),
        ({"notes": "decode tp8 ep8 dpa=True x1w/8gpu"}, (1, 1, 8, 1)),
        ({"tp": "1.0", "notes": "attention-DP; agg tp_size=2 attn_dp=2"}, (1, 1, 8, 1)),
        ({"tp": "4.0"}, (4, 1, 1, 2)),
        ({"tp": "2.0", "pp": "4.0"}, (2, 4, 1, 1)),
        ({"tp": "", "gpu_key": "b200"}, (8, 1, 1, 1)),
        ({"tp": "", "model_key": "llama-3.1-8b"}, (1, 1, 1, 8)),
    ],
)
def test_accelerators_beyond_tp_are_replicas_or_attention_data_parallelism_as_the_notes_tell(changes, layout):
    d = point(**changes).deployment
    assert (d.tp, d.pp, d.dp, d.replicas) == layout


@pytest.mark.parametrize(
    ("engine", "version", "date", "era"),
    [
        ("vllm", "0.4.3", "2024-06", 0),
        ("vllm", "", "2024-10", 1),
        ("vllm", "0.8.5", "2025-06", 1),
        ("vllm", "0.19.0", "2026", 3),
        ("vllm", "", "2025-10-29", 2),
        ("tensorrt-llm", "0.9.0", "2024-05", 0),
        ("tensorrt-llm", "TRT-LLM 0.12", "2024-10", 1),
        ("tensorrt-llm", "1.0.0rc3", "2025", 2),
        ("fastertransformer", "5.3", "2023", 0),
        ("tensorrt-llm", "gpt-oss-dev", "2025-12-15", 2),
        ("sglang", "nightly-dev", "2026-03-20", 1),
    ],
)
def test_a_version_or_else_the_date_says_the_era(engine, version, date, era):
    d = point(engine=engine, engine_version=version, source_date=date).deployment
    assert d.engine.era(d.engine_version) == era


def test_an_engine_that_nobody_knows_belongs_to_no_family():
    assert point(engine="atom").deployment.engine.key == "other"


def test_tensorrt_keeps_an_8_bit_cache_with_8_bit_weights():
    assert point(engine="tensorrt-llm").deployment.kv_precision == "fp8"
    assert point().deployment.kv_precision == "fp16"
    assert point(kv_precision="fp8").deployment.kv_precision == "fp8"


def test_the_cache_of_a_campaign_is_what_its_scripts_set():
    assert point(gpu_key="b200", notes="InferenceX").deployment.kv_precision == "fp8"
    assert point(notes="InferenceX").deployment.kv_precision == "fp16"


def test_bits_of_exl2_are_read_from_its_name():
    asked = point(weight_precision="exl2-4.650bpw", model_key="llama-2-13b", engine="exllamav2")
    assert asked.deployment.precision.linear_bits == 4.65


def test_lengths_that_a_benchmark_draws_are_nine_tenths_of_the_nominal_ones():
    assert point(notes="InferenceX; agg").input_tokens == pytest.approx(921.6)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"gpu_key": "sn40l", "gpu": "SN40L"}, "unknown GPU: SN40L"),
        ({"model_key": "", "model": "GPT-J"}, "unknown model: GPT-J"),
        ({"weight_precision": ""}, "missing weight_precision"),
        ({"input_tokens": ""}, "missing input_tokens"),
        ({"concurrency": ""}, "missing concurrency or request_rate_per_s"),
        ({"weight_precision": "ternary"}, "Unknown precision"),
    ],
)
def test_a_row_that_lacks_something_is_refused_with_the_reason(changes, reason):
    with pytest.raises(CalculatorError, match=reason):
        point(**changes)
