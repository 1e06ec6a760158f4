"""The whole, on the eight options of the reference document and at its edges."""

import json

import pytest

from calculator import catalog
from calculator.errors import QuestionError
from calculator.estimates.document_json import export
from calculator.estimates.estimate import Estimate, estimate
from calculator.estimates.layout import deploy
from calculator.specs.workload import Workload, split_tokens
from tests.calculator.make import deployment, estimated, workload

OPTIONS = (
    ("7B", "RTX4090", 500, 4, "local", 1000, "chat", 2.0),
    ("13B", "A100", 500, 8, "cloud", 1000, "chat", 2.0),
    ("GPT-4", "H100", 1500, 1, "cloud", 100, "content", 10.0),
    ("13B", "A100", 1500, 2, "cloud", 100, "content", 10.0),
    ("7B", "A100", 1500, 4, "cloud", 100, "content", 10.0),
    ("7B", "RTX4090", 200, 8, "local", 5000, "code", 0.5),
    ("13B", "A100", 200, 16, "local", 5000, "code", 0.5),
    ("7B", "H100", 200, 16, "local", 5000, "code", 0.5),
)
"""Model, hardware, tokens, batch, mode, requests per hour, use, limit: the inputs of the document's eight options."""


def _option(model, hardware, tokens, batch, mode, rate, use, limit):
    prompt, output = split_tokens(tokens, use)
    load = Workload(
        input_tokens=prompt, output_tokens=output, batch_size=batch, requests_per_hour=rate, max_latency_s=limit
    )
    return estimate(
        deploy(catalog.find_architecture(model).spec, catalog.find_gpu(hardware).spec, load), load, mode=mode
    )


@pytest.mark.parametrize("option", OPTIONS, ids=lambda o: f"{o[0]}-{o[1]}-{o[2]}")
def test_the_documents_identities_hold_for_its_options(option):
    e = _option(*option)
    cost, latency, memory = e.cost, e.latency, e.memory
    assert cost.hourly_cost == pytest.approx(cost.cost_per_request * option[5])
    assert cost.monthly_cost == pytest.approx(cost.hourly_cost * 720)
    assert latency.tokens_per_second == pytest.approx(option[2] / latency.total_latency_seconds)
    assert memory.memory_utilization_percent == pytest.approx(100 * memory.total_memory_gb / memory.label_gb)
    assert memory.memory_fits == (memory.memory_utilization_percent <= 100)
    assert e.hypothetical == (not memory.memory_fits)
    assert (e.compatibility.performance_score == 0) == e.hypothetical


@pytest.mark.parametrize("option", OPTIONS, ids=lambda o: f"{o[0]}-{o[1]}-{o[2]}")
def test_an_answer_is_never_faster_than_reading_the_weights_for_every_token(option):
    e = _option(*option)
    floor = e.deployment.model.counts.active * 2 / e.deployment.gpu.bandwidth_bytes_per_s
    assert e.latency.tpot_seconds > floor
    assert e.latency.tpot_seconds < 3 * floor + 0.01
    assert e.latency.total_latency_seconds == pytest.approx(
        e.latency.ttft_seconds + (e.workload.output_tokens - 1) * e.latency.tpot_seconds, rel=0.02
    )


def test_only_gpt_4_of_the_options_does_not_fit():
    assert [_option(*option).hypothetical for option in OPTIONS] == [option[0] == "GPT-4" for option in OPTIONS]


def test_what_does_not_fit_still_has_latency_and_cost():
    e = _option(*OPTIONS[2])
    assert e.latency.total_latency_seconds > 0
    assert e.cost.cost_per_request > 0
    assert e.memory.memory_utilization_percent == pytest.approx(441, abs=25)  # the document's figure


@pytest.mark.parametrize("model", ["llama-3.1-8b", "deepseek-r1", "gpt-oss-20b", "gpt-3-175b"])
@pytest.mark.parametrize("gpu", ["h100-sxm", "rtx-4090", "apple-m4-max", "tpu-v5e"])
def test_an_estimate_reads_back_from_its_own_json(model, gpu):
    e = estimated(model, gpu, batch_size=4, requests_per_hour=100, max_latency_s=2)
    assert Estimate.model_validate_json(e.model_dump_json()) == e
    json.dumps(export(e), allow_nan=False)


def test_the_export_has_the_documents_keys():
    e = estimated("llama-2-7b", "rtx-4090", requests_per_hour=1000)
    data = export(e, model_size="7B", hardware_type="RTX4090", notes=("7B -> Llama 2 7B",))
    assert list(data)[:6] == [
        "model_size",
        "tokens",
        "batch_size",
        "hardware_type",
        "deployment_mode",
        "requests_per_hour",
    ]
    assert {"resolved", "results", "assumptions"} <= set(data)
    assert (data["model_size"], data["hardware_type"], data["deployment_mode"]) == ("7B", "RTX4090", "local")
    results = data["results"]
    assert {"total_memory_gb", "memory_fits", "memory_utilization_percent"} <= set(results["memory"])
    assert {"total_latency_seconds", "tokens_per_second", "ttft_seconds", "tpot_seconds"} <= set(results["latency"])
    assert {"cost_per_request", "hourly_cost", "monthly_cost", "shared", "provisioned"} <= set(results["cost"])
    assert {"performance_score", "recommendations"} <= set(results["compatibility"])
    assert results["load"]["utilization"] > 0
    assert (data["resolved"]["model"], data["resolved"]["gpu"]) == ("llama-2-7b", "rtx-4090")


def test_an_export_without_load_says_null():
    assert export(estimated())["results"]["load"] is None


def test_vllm_is_told_a_shorter_context_where_the_models_own_has_no_room():
    words = estimated("llama-3.1-8b", "rtx-4090").compatibility.recommendations
    found = estimated("llama-3.1-8b", "rtx-4090").memory.max_context_tokens
    assert (
        f"Set max_model_len to {found:,} or less: with its default, the model's 131,072, vLLM will not start" in words
    )
    starts = estimated("llama-3.1-8b", "rtx-4090", layout={"max_model_len": found})
    assert starts.memory.will_start
    assert not any("max_model_len" in text for text in starts.compatibility.recommendations)
    longer = estimated("llama-3.1-8b", "rtx-4090", layout={"max_model_len": found + 16})
    assert not longer.memory.will_start
    assert f"set max_model_len to {found:,}" == longer.memory.remedy


def test_a_remedy_is_tried_out_before_it_is_said():
    memory = estimated("llama-3.1-70b", "h100-sxm").memory
    assert memory.remedy == "set tp to 2"
    assert estimated("llama-3.1-70b", "h100-sxm", layout={"tp": 2}).memory.memory_fits
    assert not estimated("llama-3.1-70b", "h100-sxm", layout={"precision": "fp8"}).memory.memory_fits


def test_more_bandwidth_is_never_slower():
    seconds = []
    for factor in (1, 2, 4, 8):
        d = deployment("llama-3.1-8b", "l4", "fp8")
        gpu = d.gpu.model_copy(
            update={"key": f"faster-{factor}", "bandwidth_bytes_per_s": d.gpu.bandwidth_bytes_per_s * factor}
        )
        seconds.append(estimate(d.model_copy(update={"gpu": gpu}), workload()).latency.total_latency_seconds)
    assert seconds == sorted(seconds, reverse=True)
    assert seconds[-1] < seconds[0]


def test_a_longer_answer_and_a_larger_batch_are_never_faster():
    by_length = [estimated(output_tokens=n).latency.total_latency_seconds for n in (1, 10, 100, 1000)]
    by_batch = [estimated(batch_size=n).latency.total_latency_seconds for n in (1, 2, 8, 64)]
    assert by_length == sorted(by_length)
    assert by_batch == sorted(by_batch)


def test_a_cached_prompt_is_processed_sooner():
    cold, warm = estimated(input_tokens=8000), estimated(input_tokens=8000, cache_hit_rate=0.9)
    assert warm.latency.ttft_seconds < cold.latency.ttft_seconds


def test_a_missing_figure_removes_only_what_needs_it():
    e = estimated("llama-3.1-8b", "apple-m4-max")
    assert e.latency.total_latency_seconds is None
    assert "peak FLOPS" in e.latency.reason
    assert e.memory.memory_fits


def test_an_unknown_link_matters_only_where_cards_talk():
    assert estimated("llama-3.2-3b", "tpu-v5e").latency.reason is None
    assert "link" in estimated("llama-3.1-8b", "tpu-v5e", layout={"tp": 2}).latency.reason


def test_a_model_whose_cache_is_unknown_is_refused():
    with pytest.raises(QuestionError, match="not published"):
        estimated("deepseek-v4-flash", "b200")


def test_every_default_is_told():
    names = {assumption.name for assumption in estimated(requests_per_hour=10).assumptions}
    assert {"engine", "gpu_memory_utilization", "kv_cache", "split", "hours_per_month", "parameters"} <= names
