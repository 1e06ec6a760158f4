"""The launch line: for each engine the command with what the estimate assumed, in that engine's own words."""

import re
import shlex

import pytest

from calculator.estimates.estimate import estimate
from calculator.launch.command import context_of, launch_line
from tests.calculator.make import deployment, estimated, workload


def launch(model="llama-3.1-8b", gpu="h100-sxm", **settings):
    load = {name: settings.pop(name) for name in ("input_tokens", "output_tokens", "batch_size") if name in settings}
    return launch_line(estimate(deployment(model, gpu, **settings), workload(**load)))


def flags(launched):
    """The one command's flags with their values."""
    words = shlex.split(launched.lines[0])
    return {word: after for word, after in zip(words, [*words[1:], ""], strict=True) if word.startswith("-")}


@pytest.mark.parametrize(
    ("engine", "settings", "words"),
    [
        (
            "vllm",
            {"tp": 2},
            (
                "vllm serve meta-llama/Llama-3.1-8B",
                "--tensor-parallel-size 2",
                "--gpu-memory-utilization 0.9",
                "--max-model-len 1024",
                "--max-num-seqs 1024",
                "--max-num-batched-tokens 8192",
            ),
        ),
        ("vllm", {"pp": 2, "kv_precision": "fp8"}, ("--pipeline-parallel-size 2", "--kv-cache-dtype fp8")),
        (
            "sglang",
            {"tp": 2, "kv_precision": "fp8"},
            (
                "python -m sglang.launch_server --model-path meta-llama/Llama-3.1-8B",
                "--tp-size 2",
                "--mem-fraction-static 0.88",
                "--context-length 1024",
                "--kv-cache-dtype fp8_e4m3",
                "--chunked-prefill-size 8192",
            ),
        ),
        (
            "tensorrt-llm",
            {"tp": 2, "kv_precision": "fp8"},
            (
                "trtllm-serve meta-llama/Llama-3.1-8B",
                "--tp_size 2",
                "--max_seq_len 1024",
                "--kv_cache_free_gpu_memory_fraction 0.9",
                "--extra_llm_api_options",
            ),
        ),
        (
            "llama.cpp",
            {"precision": "q4_k_m", "batch_size": 4},
            ("llama-server -m FILE.gguf", "-c 2048", "-np 4", "-ngl 99"),
        ),
        (
            "llama.cpp",
            {"precision": "q4_k_m", "kv_precision": "fp8"},
            ("--cache-type-k q8_0", "--cache-type-v q8_0", "--flash-attn on"),
        ),
        (
            "tgi",
            {"tp": 2},
            ("text-generation-launcher --model-id meta-llama/Llama-3.1-8B", "--num-shard 2", "--max-total-tokens 1024"),
        ),
    ],
)
def test_each_engine_gets_its_own_words(engine, settings, words):
    line = launch(engine=engine, **settings).lines[0]
    for part in words:
        assert f"{part} " in f"{line} "


def test_one_card_needs_no_word_about_splitting():
    assert not re.search(r"parallel|tp|dtype|quant", launch().lines[0])


def test_experts_are_spread_with_the_flags_of_each_engine():
    wide = {"model": "deepseek-v3", "gpu": "h200-sxm", "tp": 1, "dp": 8, "batch_size": 8}
    assert "--data-parallel-size 8 --enable-expert-parallel" in launch(**wide).lines[0]
    assert "--tp-size 8 --dp-size 8 --enable-dp-attention --ep-size 8" in launch(engine="sglang", **wide).lines[0]
    wide_trt = launch(engine="tensorrt-llm", **wide)
    assert "--tp_size 8 --ep_size 8" in wide_trt.lines[0]
    assert any("enable_attention_dp: true" in note for note in wide_trt.notes)


def test_weights_that_an_engine_narrows_itself_keep_the_models_own_name():
    made = launch(precision="fp8")
    assert "meta-llama/Llama-3.1-8B" in made.lines[0]
    assert flags(made)["--quantization"] == "fp8"
    assert "while they are loaded" in made.notes[0]


@pytest.mark.parametrize("precision", ["int4-awq", "int4-gptq", "int8", "nvfp4"])
def test_weights_that_only_a_checkpoint_has_are_named_in_a_note_and_no_repository_is_invented(precision):
    made = launch(precision=precision)
    assert made.lines[0].startswith("vllm serve MODEL ")
    assert "--quantization" not in made.lines[0]
    assert deployment(precision=precision).precision.label in made.notes[0]


def test_a_native_checkpoint_needs_no_flag_for_its_weights():
    made = launch("gpt-oss-20b")
    assert made.lines[0].startswith("vllm serve openai/gpt-oss-20b ")
    assert "quantization" not in made.lines[0]
    assert made.notes == ()


def test_a_card_without_bf16_is_told_to_compute_in_fp16():
    assert flags(launch(gpu="t4", precision="int4-awq"))["--dtype"] == "float16"
    assert flags(launch(precision="fp16"))["--dtype"] == "float16"


def test_a_model_of_ones_own_is_a_path():
    d = deployment()
    ours = d.model_copy(update={"model": d.model.model_copy(update={"key": "our/acme", "display_name": "our/acme"})})
    made = launch_line(estimate(ours, workload()))
    assert made.lines[0].startswith("vllm serve MODEL ")
    assert made.notes == ("MODEL is the path of your checkpoint of our/acme.",)


def test_what_people_wrote_cannot_leave_its_word_in_a_shell():
    d = deployment()
    evil = d.model_copy(update={"model": d.model.model_copy(update={"hf_id": "x; rm -rf /"})})
    assert shlex.split(launch_line(estimate(evil, workload())).lines[0])[2] == "x; rm -rf /"


def test_the_context_is_what_was_said_or_what_a_request_needs_and_never_more_than_memory_holds():
    assert context_of(estimated(layout={"max_model_len": 9000})) == 9000
    assert context_of(estimated(input_tokens=3000, output_tokens=200)) == 4096
    tight = estimated("llama-2-7b", "t4", layout={"kv_precision": "int8"})
    assert context_of(tight) <= tight.memory.max_context_tokens
    assert tight.workload.tokens <= context_of(tight) < 1024


def test_llama_cpp_keeps_room_for_every_slot_and_rounds_up_only_where_it_fits():
    found = estimated(
        "llama-2-7b", "rtx-4090", layout={"precision": "q8_0"}, input_tokens=300, output_tokens=210, batch_size=20
    )
    assert context_of(found) == 512
    batch = found.memory.max_concurrent_sequences
    full = estimated(
        "llama-2-7b", "rtx-4090", layout={"precision": "q8_0"}, input_tokens=300, output_tokens=220, batch_size=batch
    )
    if full.memory.memory_fits:
        assert context_of(full) == 520


def test_several_copies_are_said_with_a_load_balancer_and_those_that_the_peak_needs():
    (note,) = launch(replicas=3).notes
    assert "Start 3 copies, each on a card" in note
    assert "load balancer" in note
    busy = launch_line(estimate(deployment("llama-3.1-70b", tp=2, replicas=1), workload(requests_per_hour=50_000)))
    assert any(re.match(r"Start \d+ copies \(1 asked for", note) for note in busy.notes)


def test_a_copy_over_several_servers_says_so():
    assert any("16 cards" in note for note in launch("llama-3.1-405b", tp=8, pp=2).notes)


def test_what_does_not_fit_gets_its_reason_and_remedy_and_no_line():
    made = launch("llama-3.1-70b", "rtx-4090")
    assert made.lines == ()
    assert "Will not start" in made.notes[0]
    assert "set tp to" in made.notes[1]


def test_an_engine_whose_command_is_not_known_says_so_with_its_settings():
    made = launch(engine="nim", tp=2)
    assert made.lines == ()
    assert "no command for NVIDIA NIM" in made.notes[0]
    assert "tp 2" in made.notes[0]


def test_a_batch_beyond_the_default_is_raised_and_told():
    made = launch("llama-3.2-1b", batch_size=2000)
    assert flags(made)["--max-num-seqs"] == "2000"
    assert "2,000 that are in flight" in made.notes[0]


def test_tgi_takes_less_memory_when_told_and_says_what_it_cannot():
    assert flags(launch(engine="tgi", gpu_memory_utilization=0.45))["--cuda-memory-fraction"] == "0.5"
    assert "no pipeline parallel" in launch(engine="tgi", pp=2).notes[0]
