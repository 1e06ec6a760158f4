"""What each kind of answer looks like, word for word, and within Slack's limits. Refresh: pytest --refresh-goldens."""

import json
from pathlib import Path

import pytest
from slack_sdk.models.blocks import Block

from bot.commands.base import Asker
from bot.reply import Message, Modal
from bot.views.limits import check_message, check_view

GOLDENS = Path(__file__).parent / "goldens"
LLAMA = "llama-3.1-70b fp8 on 2xH100, 1k in 300 out, 20 concurrent, within 10s, $3/h"
CALCULATOR = Path(__file__).parents[1] / "calculator"
PRINTED = (CALCULATOR / "benchmarks" / "vllm_limit.txt").read_text(encoding="utf-8")
CONFIG = json.dumps({
    "model_type": "llama", "num_hidden_layers": 40, "hidden_size": 5120, "intermediate_size": 13824, "num_attention_heads": 40,
    "num_key_value_heads": 40, "vocab_size": 32000, "max_position_embeddings": 4096, "torch_dtype": "float16",
})  # fmt: skip
QUESTIONS = {
    "estimate": "7B on RTX4090, 500 tokens, batch 4, 1000 req/h, $0.51/h",
    "estimate_does_not_fit": "GPT-4 on H100, 1500 tokens, 100 req/h, $4/h",
    "estimate_missed_limit": "13B on A100, 500 tokens, batch 8, within 1s, $3.26/h",
    "hosted": "gpt-4o, 1k in 300 out, 1000 req/h",
    "compare": f"compare {LLAMA} vs int4 on 1xH100 $3/h vs 4xL40S $1/h",
    "compare_required": f"compare {LLAMA} vs int4 on 1xH100 $3/h, high quality, 24/7, budget $5000 a month",
    "recommend": "recommend llama-3.3-70b on H100 $3/h, 1k in 300 out, 500 req/h, within 20s",
    "form_recommend": "form recommend chatbot, 1000 req/h, high quality",
    "details": "details 1",
    "json": "json 1",
    "share": "share 1",
    "rerun": "rerun 1",
    "history": "history",
    "history_empty": "history nothingholdsthis",
    "delete": "delete 1",
    "catalog_gpus": "catalog gpus",
    "catalog_models": "catalog models qwen",
    "catalog_prices": "catalog prices H100",
    "deployments_fresh": "deployments",
    "summary_fresh": "summary",
    "track": "track support-bot: 7B on 2xL4 cloud aws 1000/h, budget $1000 a month, tags team=support cost-centre=R42, since 2026-11-01",
    "track_hosted": "track writer: gpt-4o, 1k in 300 out, 100 req/h, since 2026-11-10",
    "track_again": "track support-bot: 7B on L40S 1000/h",
    "usage_said": "usage support-bot 1240/h, 800 in, 200 out, since 2026-11-15",
    "usage_csv": "usage writer\nhour,requests\n2026-11-23T09:00Z,90\n2026-11-23T10:00Z,110",
    "usage": "usage writer",
    "usage_empty": "usage support-bot",
    "deployment": "deployment support-bot",
    "deployment_paused": "deployment writer pause",
    "deployment_retire": "deployment writer retire",
    "deployment_audit": "deployment writer audit",
    "deployment_unknown": "deployment suport-bot",
    "deployments": "deployments",
    "deployments_empty": "deployments retired",
    "summary": "summary",
    "summary_empty": "summary of team=nobody",
    "schedule": "schedule every monday 09:00 Europe/Berlin in <#C2|llm-costs> of team=support",
    "schedule_preview": "schedule 1 preview",
    "schedule_paused": "schedule 1 pause",
    "schedules": "schedules",
    "alerts": "alerts quiet 22:00-07:00 Europe/Berlin",
    "channels": "channels",
    "form_track": "form track 7B on 2xL4 cloud aws 1000/h",
    "form_deployment": "form deployment support-bot",
    "form_usage": "form usage support-bot",
    "form_schedule": "form schedule 1",
    "prices": "prices",
    "prices_h100": "prices H100",
    "accuracy": "accuracy",
    "accuracy_gpu": "accuracy gpu H100",
    "accuracy_never_measured": "accuracy gpu L40S",
    "calibrations_empty": "calibrations",
    "calibrate": "calibrate 7B on L4, 500 tokens, batch 4, 60 tok/s",
    "calibrate_pasted": f"calibrate llama-3.1-8b on 2xL4\n{PRINTED}",
    "calibrated": "7B on L4, 500 tokens, batch 4, $0.8/h",
    "calibrated_nearby": "7B on L4, 500 tokens, batch 8, $0.8/h",
    "calibrations": "calibrations",
    "calibrate_remove": "calibrate remove 1",
    "calibrate_removed": "calibrate remove 1 yes",
    "form_calibrate": "form calibrate 7B on L4, 500 tokens, batch 4, $0.8/h",
    "model": f"model acme-13b {CONFIG}",
    "model_list": "model list",
    "model_estimate": "our/acme-13b on L40S, 500 tokens, $1/h",
    "model_remove": "model remove acme-13b",
    "form_model": "model",
    "launch": "launch 1",
    "what_if": "what if 1: fp8",
    "what_if_cheaper": "what if 3: cheaper",
    "what_if_form": "form whatif 1",
    "break_even": "break-even llama-3.3-70b fp8 on 2xH100 $3/h vs gpt-4o, 1k in 300 out, 2000 req/h, peak 3x, private 30%",
    "scenario_save": f"scenario save support: compare {LLAMA} vs 4xL40S $1/h; title Support; about Customers ask, it answers",
    "scenario": "scenario support",
    "scenarios": "scenarios",
    "scenario_report": "scenario report",
    "scenario_reference": "scenario reference measured",
    "start": "start",
    "samples": "samples",
    "samples_again": "samples",
    "form_schedule_weekly": "form schedule every monday 09:00 of sample=yes",
    "samples_removed": "samples remove",
    "help": "help",
    "help_compare": "help compare",
    "help_words": "help words",
    "form": "form",
    "form_filled": f"form {LLAMA}, discount 10% in <#C2>",
    "form_compare": f"form compare {LLAMA} vs 4xL40S",
    "misunderstood": "lama-3.1-8b on H100 <!channel>",
}
KNOWN_TO_THE_SDK = {"section", "header", "context", "actions", "divider", "input", "rich_text"}


@pytest.fixture
def payloads(service, asker: Asker):
    """Each question's reply, asked one after another on one history."""
    found = {}
    for name, text in QUESTIONS.items():
        reply = service.reply(text, asker)
        found[name] = reply.view if isinstance(reply, Modal) else {"text": reply.text, "blocks": list(reply.blocks)}
    return {
        **found,
        "home": service.home(asker),
        "home_empty": service.home(asker.model_copy(update={"user_id": "U9"})),
    }


def test_every_payload_is_the_one_on_record(payloads, request: pytest.FixtureRequest):
    for name, payload in payloads.items():
        path = GOLDENS / f"{name}.json"
        text = json.dumps(payload, indent=1, ensure_ascii=False) + "\n"
        if request.config.getoption("--refresh-goldens"):
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert path.read_text(encoding="utf-8") == text, f"{name} differs from {path.name}"


def test_every_payload_keeps_slacks_limits(payloads):
    problems = {
        name: (check_view if payload.get("type") else check_message)(payload) for name, payload in payloads.items()
    }
    assert {name: found for name, found in problems.items() if found} == {}


def test_the_sdks_own_models_accept_every_block_they_know(payloads):
    for payload in payloads.values():
        for block in payload["blocks"]:
            if block["type"] in KNOWN_TO_THE_SDK:
                parsed = Block.parse(block)
                assert parsed is not None
                parsed.validate_json()


def test_every_message_has_a_text_for_notifications_and_screen_readers(payloads):
    assert all(payload["text"].strip() for payload in payloads.values() if not payload.get("type"))


def test_what_people_type_never_becomes_a_mention(payloads):
    assert "<!channel>" not in json.dumps(payloads["misunderstood"]["blocks"])


def test_an_answer_shows_as_it_was_given_whatever_the_catalog_says_later(service, asker, monkeypatch):
    given = service.reply(QUESTIONS["estimate"], asker)
    monkeypatch.setattr("bot.commands.record.kept_of", lambda _: pytest.fail("nothing is computed anew"))
    shown = service.reply("show 1", asker)
    assert isinstance(given, Message)
    assert shown == given
