"""The accuracy report on a handful of rows written as facts, with their sources."""

import csv
import json
import subprocess
import sys

import pytest

from calculator.accuracy.report import main, report_of
from calculator.measured.rows import read_rows

FACTS = """\
gpu_key,model_key,gpu,model,metric_kind,engine,engine_version,weight_precision,num_gpus,tp,pp,batch_size,concurrency,input_tokens,output_tokens,ttft_ms,tpot_ms,output_tokens_per_s_total,peak_memory_gb,notes,source_id
rtx-3090,llama-3-8b,RTX-3090,Llama-3-8B,latency,llama.cpp,2024-05,q4_k_m,1,1,1,1,1,0,512,,8.66401,115.42,,llama-bench tg512: decode only from empty context,xiongjie
rtx-3090,llama-3-8b,RTX-3090,Llama-3-8B,latency,llama.cpp,2024-05,q4_k_m,1,1,1,1,1,0,1024,,8.949347,111.74,,llama-bench tg1024: decode only from empty context,xiongjie
a10g,llama-3-8b,A10G,Llama-3-8B,serving_point,vllm,0.4.3,fp16,1,1,1,,1,550,150,137.29,29.94,31.92,,llmperf,a10g_llmperf
h100-sxm,llama-2-7b,H100,Llama-2-7B,throughput_max,tensorrt-llm,0.5.0,fp8,1,1,1,64,,128,128,,,9193,,static batch,trtllm
h100-sxm,mistral-7b,H100,Mistral-7B,latency,tensorrt-llm,0.9.0,fp8,1,1,1,896,,128,128,,,,39.65,static batch,trtllm_09_static
sn40l,llama-3-8b,SN40L,Llama-3-8B,latency,vllm,0.6,fp16,1,1,1,1,,128,128,,5.0,,,,argonne
h100-sxm,llama-3-8b,H100,Llama-3-8B,latency,vllm,0.6,,1,1,1,1,,128,128,,5.0,,,,argonne
"""
"""Sources: XiongjieDai/GPU-Benchmarks-on-LLM-Inference, llmperf on an A10G, TensorRT-LLM's documentation; the last two
ask for what the calculator cannot know."""


@pytest.fixture
def facts(tmp_path):
    path = tmp_path / "facts.csv"
    path.write_text(FACTS)
    return path


@pytest.fixture
def report(facts):
    return report_of(list(read_rows(facts)))


def test_rows_that_lack_what_a_prediction_needs_are_counted_by_reason(report):
    assert (report.rows, report.predicted) == (7, 5)
    assert report.refused == {"unknown GPU: SN40L": 1, "missing weight_precision": 1}


def test_every_measured_figure_is_compared_and_saturated_ones_apart(report):
    found = {(c.row, c.metric) for c in report.comparisons}
    assert found == {
        (0, "tpot_ms"),
        (0, "output_tokens_per_s_total"),
        (1, "tpot_ms"),
        (1, "output_tokens_per_s_total"),
        (2, "ttft_ms"),
        (2, "tpot_ms"),
        (2, "output_tokens_per_s_total"),
        (3, "max_output_tokens_per_s_total"),
        (4, "peak_memory_gb"),
    }


def test_predictions_are_near_the_facts_and_inside_their_intervals(report):
    for c in report.comparisons:
        assert c.low < c.predicted < c.high
        assert c.predicted == pytest.approx(c.measured, rel=0.6), c


def test_errors_are_fractions_of_what_was_measured(report):
    metrics = report.as_dict()["metrics"]["tpot_ms"]
    errors = [c.predicted / c.measured - 1 for c in report.comparisons if c.metric == "tpot_ms"]
    assert metrics["n"] == 3
    assert metrics["mape"] == pytest.approx(sum(map(abs, errors)) / 3)
    assert metrics["median_signed_error"] == pytest.approx(sorted(errors)[1])


def test_groups_come_by_every_column_and_by_batch(report):
    groups = report.as_dict()["groups"]
    assert {g["by"] for g in groups} == {
        "metric_kind",
        "engine",
        "gpu",
        "model",
        "weight_precision",
        "source_id",
        "metric_kind and batch",
    }
    card = next(g for g in groups if (g["by"], g["value"], g["metric"]) == ("gpu", "RTX-3090", "tpot_ms"))
    assert card["n"] == 2


def test_the_command_prints_json_and_writes_predictions(facts, tmp_path, capsys):
    out = tmp_path / "predictions.csv"
    assert main([str(facts), "--json", "--predictions", str(out)]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["predicted"] == 5
    with out.open() as file:
        lines = list(csv.DictReader(file))
    assert len(lines) == 9
    assert list(lines[0]) == ["row", "metric", "measured", "predicted", "low", "high"]


def test_the_command_prints_tables_for_people(facts, capsys):
    assert main([str(facts)]) == 0
    printed = capsys.readouterr().out
    assert "5 of 7 rows predicted" in printed
    assert "unknown GPU: SN40L" in printed


def test_a_file_of_no_rows_is_read(tmp_path, capsys):
    path = tmp_path / "none.csv"
    path.write_text(FACTS.splitlines()[0] + "\n")
    assert main([str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["metrics"] == {}


def test_a_file_that_is_not_there_is_said(tmp_path, capsys):
    assert main([str(tmp_path / "absent.csv")]) == 1
    assert "cannot read" in capsys.readouterr().err


def test_it_runs_as_a_module(facts):
    done = subprocess.run(
        [sys.executable, "-m", "calculator.accuracy", facts, "--json"], capture_output=True, check=True
    )
    assert json.loads(done.stdout)["rows"] == 7
