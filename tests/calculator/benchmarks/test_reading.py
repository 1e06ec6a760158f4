"""Pasted benchmark outputs become operating points. Witnesses: excerpts of published outputs, in samples/."""

import json
import re
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calculator.benchmarks.reading import Benchmark, Measured, looks_like_benchmark, read_benchmark
from calculator.errors import QuestionError

SAMPLES = {path.name: path.read_text() for path in sorted((Path(__file__).parent / "samples").iterdir())}
READABLE = sorted(set(SAMPLES) - {"llama_layers.txt"})
VLLM, SPECULATIVE, SGLANG = SAMPLES["vllm_limit.txt"], SAMPLES["vllm_speculative.txt"], SAMPLES["sglang.txt"]


def only(text: str) -> Measured:
    (point,) = read_benchmark(text).points
    return point


def refusal_of(text: str) -> str:
    with pytest.raises(QuestionError) as caught:
        read_benchmark(text)
    assert caught.value.field == "benchmark"
    return str(caught.value)


def test_a_server_run_with_a_limit_gives_its_stated_concurrency():
    read = read_benchmark(VLLM)
    assert (read.tool, read.model) == ("vllm bench serve", "InternVL3-8B-hf")
    (point,) = read.points
    assert (point.input_tokens, point.output_tokens, point.batch_size) == (12, 61, 100)
    assert (point.ttft_s, point.tpot_s) == (pytest.approx(25.34932), pytest.approx(0.41596))
    assert (point.total_latency_s, point.output_tokens_per_s) == (None, 121.39)
    assert read.notes == ("in flight: 100, the limit of the run",)


def test_a_limit_that_was_not_reached_gives_way_to_throughput_times_latency():
    read = read_benchmark(SGLANG)
    assert read.tool == "sglang bench_serving"
    assert read.points[0].batch_size == 113  # the block itself says Concurrency: 112.83
    assert read.points[0].total_latency_s == pytest.approx(4311.04343)
    assert read.notes == ("in flight: 113, from throughput x latency (the limit was 128)",)


def test_an_open_loop_is_read_by_littles_law_and_speculation_is_noted():
    read = read_benchmark(SPECULATIVE)
    assert read.model == "nvidia/NVIDIA-Nemotron-3-Super-120B-A12B-NVFP4"
    assert (read.points[0].batch_size, read.points[0].total_latency_s) == (8, pytest.approx(28.98066))
    assert any("speculative" in note for note in read.notes)


def test_several_blocks_give_several_points_each_with_the_limit_printed_before_it():
    points = read_benchmark(SAMPLES["vllm_old_sweep.txt"]).points
    assert [(point.input_tokens, point.output_tokens, point.batch_size) for point in points] == [
        (999, 270, 31),
        (7384, 921, 64),
    ]


def test_saved_json_gives_the_point_of_its_printed_block():
    printed, saved = read_benchmark(SAMPLES["vllm_old_sweep.txt"]).points[0], only(SAMPLES["vllm.json"])
    assert saved.batch_size == printed.batch_size
    assert saved.tpot_s == pytest.approx(printed.tpot_s, rel=1e-3)
    assert read_benchmark(SAMPLES["vllm.json"]).model == "meta-llama/Llama-3.2-3B-Instruct"


def test_appended_results_of_two_models_are_refused():
    record = json.loads(SAMPLES["vllm.json"])
    text = "\n".join(json.dumps(record | {"model_id": model}) for model in ("a/b", "c/d"))
    assert "different models (a/b, c/d)" in refusal_of(text)


@pytest.mark.parametrize("name", READABLE)
def test_lost_line_breaks_change_nothing(name: str):
    assert read_benchmark(" ".join(SAMPLES[name].split())) == read_benchmark(SAMPLES[name])


@pytest.mark.parametrize("name", READABLE)
def test_what_slack_makes_of_a_paste_changes_nothing(name: str):
    slack = SAMPLES[name].replace("&", "&amp;").replace(">", "&gt;").replace("<", "&lt;").replace("--", "—")
    slack = re.sub(r'"([^"]*)"', r"“\1”", slack).replace("'", "’")
    assert read_benchmark(slack) == read_benchmark(SAMPLES[name])


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_every_sample_looks_like_a_benchmark(name: str):
    assert looks_like_benchmark(SAMPLES[name])


@pytest.mark.parametrize("text", ["", "llama 8b on 2x h100, tokens 1000/200", "What is the TTFT of AIPerf runs?", "{}"])
def test_a_question_is_no_benchmark(text: str):
    assert not looks_like_benchmark(text)
    assert "paste its result block or JSON" in refusal_of(text)


def test_a_cut_block_names_the_line_that_is_missing():
    message = refusal_of(VLLM[: VLLM.index("-----Time per Output")])
    assert message == "No line “Mean TPOT (ms)”: paste the whole block from “Serving Benchmark Result” on."
    assert "“Successful requests”" in refusal_of(VLLM[VLLM.index("Benchmark duration") :])


def test_inter_token_latency_alone_is_refused_with_the_reason():
    assert "ITL counts chunks" in refusal_of(re.sub(r".*TPOT.*\n", "", VLLM))


def test_a_run_without_tpot_but_with_its_latency_is_read():
    read = read_benchmark(re.sub(r".*TPOT.*\n", "", SGLANG))
    assert (read.points[0].tpot_s, read.points[0].batch_size) == (None, 113)
    assert "without “Mean TPOT (ms)”" in read.notes


def test_medians_are_taken_only_without_means_and_noted():
    read = read_benchmark(re.sub(r"Mean TPOT.*\n", "", VLLM))
    assert read.points[0].tpot_s == pytest.approx(0.41447)
    assert read.notes[-1] == "medians, as no means are there: Median TPOT (ms)"


def test_one_token_outputs_have_no_time_per_token():
    one = re.sub(r"(generated tokens: +)\d+", r"\g<1>500", re.sub(r"(Mean TPOT \(ms\): +)\S+", r"\g<1>0.00", VLLM))
    assert (only(one).output_tokens, only(one).tpot_s) == (1, None)


@pytest.mark.parametrize(
    ("line", "value", "word"),
    [
        ("Mean TTFT (ms)", "0.00", "“Mean TTFT (ms)” is 0"),
        ("Mean TPOT (ms)", "-3.10", "“Mean TPOT (ms)” is -0.0031"),
        ("Mean TPOT (ms)", "nan", "“Mean TPOT (ms)” is nan"),
        ("Mean TTFT (ms)", "99000.00", "“Mean TTFT (ms)” is above “Mean E2EL (ms)”"),
        ("Failed requests", "20", "20 of 270 requests failed"),
        ("Successful requests", "0", "No request succeeded"),
    ],
)
def test_figures_that_cannot_be_are_refused_by_name(line: str, value: str, word: str):
    assert word in refusal_of(re.sub(rf"({re.escape(line)}: +)\S+", rf"\g<1>{value}", SPECULATIVE))


def test_a_few_failures_are_borne():
    assert (
        only(SPECULATIVE.replace("Failed requests:                         0", "Failed requests: 12 ")).batch_size == 8
    )


def test_failures_that_old_json_does_not_state_are_counted_from_the_prompts():
    assert "50 of 350 requests failed" in refusal_of(
        SAMPLES["vllm.json"].replace('"num_prompts": 300', '"num_prompts": 350')
    )


def test_llama_bench_rows_become_prefill_decode_and_whole_requests():
    read = read_benchmark(SAMPLES["llama_combined.txt"])
    assert (read.tool, read.model) == ("llama-bench", "llama 70B Q4_K - Medium")
    assert read.points == (
        Measured(input_tokens=512, output_tokens=1, batch_size=1, ttft_s=512 / 1750.53),
        Measured(input_tokens=0, output_tokens=128, batch_size=1, tpot_s=1 / 30.71),
        Measured(input_tokens=512, output_tokens=128, batch_size=1, total_latency_s=640 / 136.26),
    )


def test_depth_is_context_for_decode_and_leaves_prefill_aside():
    read = read_benchmark(SAMPLES["llama_depth.txt"])
    assert [point.input_tokens for point in read.points] == [512, 0, 4096]
    assert read.notes[1] == "left aside, as the prompt follows other text: pp512 @ d4096"


@pytest.mark.parametrize(("name", "depth", "speed"), [("llama.json", 512, 118.881588), ("llama.csv", 0, 119.915244)])
def test_llama_bench_files_are_read_as_its_table(name: str, depth: int, speed: float):
    prompt, decode = read_benchmark(SAMPLES[name]).points
    assert (prompt.input_tokens, prompt.output_tokens) == (512, 1)
    assert (decode.input_tokens, decode.tpot_s) == (depth, pytest.approx(1 / speed))


def test_llama_bench_json_lines_are_read_as_its_array():
    lines = "\n".join(json.dumps(row) for row in json.loads(SAMPLES["llama.json"]))
    assert read_benchmark(lines) == read_benchmark(SAMPLES["llama.json"])


def test_rows_of_several_settings_are_refused_by_the_column():
    assert refusal_of(SAMPLES["llama_layers.txt"]) == (
        "The rows differ in “ngl” (10, 20): paste the rows of one model and one setting."
    )


def test_rows_of_several_models_are_refused():
    text = SAMPLES["llama_combined.txt"].replace("70B Q4_K - Medium        |  39.59 GiB", "70B Q8_0 |  74 GiB", 1)
    assert "“model”" in refusal_of(text)


def test_two_tables_of_which_one_shows_more_columns_differ_in_that_column():
    other = SAMPLES["llama_combined.txt"].replace("threads |", "threads | fa |").replace("16 |", "16 | 1 |")
    assert "“fa” (1, not shown)" in refusal_of(SAMPLES["llama_combined.txt"] + other)


def test_rows_without_a_header_say_how_to_paste_them():
    assert "header is missing" in refusal_of(SAMPLES["llama_combined.txt"].split("\n", 2)[2])
    assert "attach it as a file" in refusal_of("\n".join(SAMPLES["llama_combined.txt"].split("\n")[:2]))


def test_a_speed_that_is_no_number_is_refused():
    assert "The speed of tg128 is “xx.xx ± y.yy”" in refusal_of(
        SAMPLES["llama_depth.txt"].replace("15.07 ± 0.01", "xx.xx ± y.yy")
    )


@pytest.mark.parametrize(
    ("name", "tool", "model", "tokens", "batch_size", "first", "each"),
    [
        ("genai_perf.txt", "genai-perf", None, (550, 16), 2, 0.01159, 0.00403),
        ("genai_perf_old.txt", "genai-perf", "gpt2", (550, 262), 1, 0.01626, 0.00185),
        ("genai_perf.csv", "genai-perf", None, (4000, 242), 121, 32.6884, 0.15959),
        ("genai_perf.json", "genai-perf", "ensemble", (201, 2566), 100, 0.184637794, 0.002176734),
        ("aiperf.txt", "aiperf", "Qwen/Qwen3-0.6B", (5, 833), 2, 0.01999, 0.00352),
        ("aiperf.csv", "aiperf", None, (3761, 544), 15, 0.23014, 0.01185),
        ("aiperf.json", "aiperf", "qwen3.6-nvfp4", (3761, 544), 16, 0.230137152, 0.011847342),
    ],
)
def test_genai_perf_and_aiperf_are_read_in_all_their_forms(name, tool, model, tokens, batch_size, first, each):
    read = read_benchmark(SAMPLES[name])
    (point,) = read.points
    assert (read.tool, read.model) == (tool, model)
    assert ((point.input_tokens, point.output_tokens), point.batch_size) == (tokens, batch_size)
    assert (point.ttft_s, point.tpot_s) == (pytest.approx(first), pytest.approx(each))
    assert point.total_latency_s == pytest.approx(first + each * (tokens[1] - 1), rel=0.1)


def test_a_concurrency_in_the_command_is_taken():
    command = "genai-perf profile -m m/x --measurement-interval 60000 --request-count 500 --concurrency 144\n"
    read = read_benchmark(command + SAMPLES["genai_perf.csv"])
    assert (read.model, read.points[0].batch_size) == ("m/x", 144)


def test_concurrent_sessions_are_no_concurrent_requests():
    command = "genai-perf profile -m m/x --session-concurrency 144\n"
    assert only(command + SAMPLES["genai_perf.csv"]).batch_size == 121


def test_a_run_without_streaming_gives_its_whole_latency_only():
    whole = json.loads(SAMPLES["genai_perf.json"])
    whole["time_to_first_token"] = whole["request_latency"]
    read = read_benchmark(json.dumps(whole))
    assert (read.points[0].ttft_s, read.points[0].tpot_s) == (None, None)
    assert read.points[0].total_latency_s == pytest.approx(5.767434807)
    assert read.notes[1] == "without “Time To First Token” and “Inter Token Latency”"


def test_times_in_nanoseconds_are_read_by_their_unit():
    text = SAMPLES["genai_perf.json"].replace('"ms", "avg": 5767.434807386666', '"ns", "avg": 5767434807')
    assert only(text).total_latency_s == pytest.approx(5.767434807)
    assert "is in days" in refusal_of(SAMPLES["genai_perf.json"].replace('"ms"', '"days"'))


def test_a_table_cut_by_a_narrow_terminal_is_refused():
    assert "narrow terminal" in refusal_of(SAMPLES["genai_perf.txt"].replace("11.59 │", "11.… │"))


def test_a_cut_table_names_its_missing_row():
    text = SAMPLES["genai_perf.txt"]
    assert "No row “Input Sequence Length”" in refusal_of(text[: text.index("│       Input Sequence")])


def test_a_cut_json_asks_for_the_file():
    assert refusal_of(SAMPLES["genai_perf.json"][:400]) == "The JSON is cut off or changed: attach the file instead."


@given(
    st.sampled_from(
        [
            "vllm_limit.txt",
            "vllm_old_sweep.txt",
            "vllm.json",
            "llama_depth.txt",
            "llama_combined.txt",
            "llama.json",
            "llama.csv",
            "genai_perf.txt",
            "genai_perf.csv",
            "aiperf.csv",
        ]
    ),
    st.data(),
)
def test_a_cut_paste_gives_true_figures_or_is_refused(name: str, data: st.DataObject):
    text = SAMPLES[name]
    try:
        read = read_benchmark(text[: data.draw(st.integers(0, len(text)))])
    except QuestionError:
        return
    whole = read_benchmark(text).points
    assert read.points == whole[: len(read.points)]


@given(st.sampled_from(sorted(SAMPLES)), st.data())
def test_a_changed_paste_is_read_or_refused_and_never_breaks(name: str, data: st.DataObject):
    text = SAMPLES[name]
    start, length = data.draw(st.integers(0, len(text))), data.draw(st.integers(0, 60))
    put = data.draw(
        st.text(max_size=8) | st.sampled_from(["0", "-1", "9" * 400, "NaN", "null", "[[", "|", "│", "┃", "{", '"'])
    )
    with suppress(QuestionError):
        read = read_benchmark(text[:start] + put + text[start + length :])
        assert isinstance(read, Benchmark)
        assert read.points
        assert all(point.batch_size >= 1 and point.output_tokens >= 1 for point in read.points)


@given(st.text())
def test_any_text_is_read_or_refused(text: str):
    with pytest.raises(QuestionError):
        read_benchmark(text)
