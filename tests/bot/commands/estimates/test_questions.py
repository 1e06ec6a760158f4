"""What people type, and what it is understood as."""

import json

import pytest

from bot.commands import commands, read
from bot.commands.decisions.compare_question import CompareQuestion
from bot.commands.estimates.estimate_question import EstimateQuestion
from bot.commands.tracking.alerts import AlertsQuestion, spelled_out
from calculator.errors import QuestionError
from tests.bench.processes import ROOT

REFERENCE = json.loads((ROOT / "tests" / "bot" / "reference_options.json").read_text(encoding="utf-8"))


def said(text: str) -> dict[str, object]:
    question = read(text)
    assert isinstance(question, EstimateQuestion)
    return question.model_dump(exclude_none=True)


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        (
            "llama-3.1-70b fp8 on 2xH100, 1k in 300 out, 20 concurrent, within 2s",
            {
                "model_size": "llama-3.1-70b",
                "precision": "fp8",
                "hardware_type": "H100",
                "gpus": 2,
                "input_tokens": 1000,
                "output_tokens": 300,
                "batch_size": 20,
                "max_latency_seconds": 2.0,
            },
        ),
        (
            "7B RTX4090 tokens=500 batch=4 local rph=1000",
            {
                "model_size": "7B",
                "hardware_type": "RTX4090",
                "tokens": 500,
                "batch_size": 4,
                "deployment_mode": "local",
                "requests_per_hour": 1000.0,
            },
        ),
        (
            "13b @ a100 cloud 500 tok 1000/h $3.26/h",
            {
                "model_size": "13b",
                "hardware_type": "a100",
                "deployment_mode": "cloud",
                "tokens": 500,
                "requests_per_hour": 1000.0,
                "usd_per_gpu_hour": 3.26,
            },
        ),
        (
            "qwen2.5 32b awq on 4 x L40S",
            {"model_size": "qwen2.5 32b", "precision": "int4-awq", "hardware_type": "L40S", "gpus": 4},
        ),
        (
            "H100 x2, mixtral 8x7b, 1_000 in, 1.2M/day",
            {
                "hardware_type": "H100",
                "gpus": 2,
                "model_size": "mixtral 8x7b",
                "input_tokens": 1000,
                "requests_per_hour": 50000.0,
            },
        ),
        (
            "Llama 3.1 70B Instruct on 8 x A100 80GB, 8k in 0.5 req/s",
            {
                "model_size": "Llama 3.1 70B Instruct",
                "hardware_type": "A100 80GB",
                "gpus": 8,
                "input_tokens": 8000,
                "requests_per_hour": 1800.0,
            },
        ),
        (
            "model_size=7B hardware_type=RTX4090 deployment_mode=local requests_per_hour=1000 batch_size=4 tokens=500",
            {
                "model_size": "7B",
                "hardware_type": "RTX4090",
                "deployment_mode": "local",
                "requests_per_hour": 1000.0,
                "batch_size": 4,
                "tokens": 500,
            },
        ),
        (
            "“7B” on RTX4090 — batch 4 &amp; 500 tokens",
            {"model_size": "7B", "hardware_type": "RTX4090", "batch_size": 4, "tokens": 500},
        ),
        (
            "7b on h100s, cache 60%, 35% discount, kv fp8, tp 1, aws, us-east-1",
            {
                "model_size": "7b",
                "hardware_type": "h100s",
                "cache_hit_rate": 0.6,
                "discount": 0.35,
                "kv_cache": "fp8",
                "tp": 1,
                "provider": "aws",
                "region": "us-east-1",
            },
        ),
        (
            "meta-llama/Llama-3.1-8B-Instruct on L4 in <#C123|llm-costs>",
            {"model_size": "meta-llama/Llama-3.1-8B-Instruct", "hardware_type": "L4", "channel": "C123"},
        ),
        (
            "Qwen/Qwen2.5-32B-Instruct-AWQ on L40S",
            {"model_size": "Qwen/Qwen2.5-32B-Instruct", "precision": "int4-awq", "hardware_type": "L40S"},
        ),
        ("7B on L4, 128k context", {"model_size": "7B", "hardware_type": "L4", "max_model_len": 128_000}),
        (
            "7B on L4, 900 tokens in under 2s, max-model-len 4096",
            {
                "model_size": "7B",
                "hardware_type": "L4",
                "tokens": 900,
                "max_latency_seconds": 2.0,
                "max_model_len": 4096,
            },
        ),
        ("qwen2.5-32b-awq on L40S", {"model_size": "qwen2.5-32b", "precision": "int4-awq", "hardware_type": "L40S"}),
    ],
)
def test_a_question_is_read_in_any_order_and_spelling(text, fields):
    assert said(text) == fields


@pytest.mark.parametrize(
    ("text", "field", "words"),
    [
        ("lama-3.1-8b on H100", "model_size", "llama-3.1-8b"),
        ("llama-3.1-8b on H1000x", "hardware_type", "h100"),
        ("8B on H100", "model_size", "llama-3.1-8b"),
        ("7B and llama-3.1-8b on H100", "model_size", "compare A vs B"),
        ("7B on H100 and L4", "hardware_type", "compare A vs B"),
        ("7B on H100 batch -4", "batch_size", "at least 1"),
        ("7B on H100 0 tokens", "tokens", "at least 1"),
        ("7B on H100 batch 4 batch 8", "batch_size", "twice"),
        ("7B on H100 tokens=many", "tokens", "many"),
        ("7B on H100 token=5 flavour=3", "question", "flavour"),
        ("7B on H100 500", "question", "500 tokens"),
        ("7B on H100 2s", "max_latency_seconds", "within 2s"),
        ("7B on H100 $3", "price", "$3/h"),
        ("7B on H100 1,5k tokens", "tokens", "two ways"),
        ("histori", "command", "history"),
    ],
)
def test_what_is_not_understood_names_the_field_and_says_what_to_type(text, field, words):
    with pytest.raises(QuestionError) as error:
        read(text)
    assert error.value.field == field
    assert words in str(error.value)


def test_an_option_takes_what_it_leaves_out_from_the_others():
    question = read("compare llama-3.1-70b fp8 on 2xH100 vs int4 vs 4xL40S, 1k in 300 out")
    assert isinstance(question, CompareQuestion)
    options = [option.model_dump(exclude_none=True) for option in question.options]
    assert [(o["model_size"], o["precision"], o["hardware_type"], o["gpus"]) for o in options] == [
        ("llama-3.1-70b", "fp8", "H100", 2),
        ("llama-3.1-70b", "int4-awq", "H100", 2),
        ("llama-3.1-70b", "fp8", "L40S", 4),
    ]
    assert {o["input_tokens"] for o in options} == {1000}


def test_a_price_belongs_to_its_hardware_and_is_not_inherited_by_another():
    question = read("7B on RTX4090 $0.51/h vs 13B on A100")
    assert isinstance(question, CompareQuestion)
    assert [option.usd_per_gpu_hour for option in question.options] == [0.51, None]


@pytest.mark.parametrize("text", [usage for command in commands() for usage in command.usage])
def test_every_example_of_the_help_is_understood_and_reads_back_to_itself(text):
    question = read(text.replace("#llm-costs", "<#C0LLMCOSTS|llm-costs>"))  # as Slack sends a channel that is picked
    assert read(str(question)) == question


@pytest.mark.parametrize("option", REFERENCE, ids=lambda option: f"{option['model_size']} on {option['hardware_type']}")
def test_the_reference_documents_inputs_are_understood_by_their_own_names(option):
    text = " ".join(f"{name}={value}" for name, value in option.items())
    assert said(text) == option


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("22:00-02:30 America/New_York", "22:00 to 02:30 America/New_York"),
        ("10pm-7am Europe/Berlin", "22:00 to 07:00 Europe/Berlin"),
        ("from 9 pm until 6 am UTC", "21:00 to 06:00 UTC"),
        ("22:00 to 07:00", "22:00 to 07:00 Asia/Tokyo"),
    ],
)
def test_quiet_hours_are_read_with_and_without_a_zone(text, hours):
    question = read(f"alerts quiet {text}")
    assert isinstance(question, AlertsQuestion)
    assert spelled_out(question.quiet, "Asia/Tokyo") == hours


def test_a_wrong_quiet_hour_names_quiet_hours():
    with pytest.raises(QuestionError, match="no time of the day") as error:
        spelled_out("25:00-07:00", "UTC")
    assert error.value.field == "quiet"


def test_an_unknown_word_without_a_near_one_is_told_in_one_piece():
    with pytest.raises(QuestionError, match=r"There is no `fly` here\. There is show"):
        read("deployment chat fly")
