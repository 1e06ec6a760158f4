"""What each kind of answer looks like, word for word, and within Slack's limits. Refresh: pytest --refresh-goldens."""

import json
import re
from pathlib import Path

import pytest
from slack_sdk.models.blocks import Block

from bot.access.people import Strangers, UnknownChannels
from bot.calendar.zone_rules import ZoneRules
from bot.desk.asker import Asker
from bot.limits.payloads import check_message, check_view
from bot.reply import Message, Modal
from bot.service import Service
from bot.views.admin.status import Health
from tests.bench.processes import ROOT
from tests.bot.conftest import NOON
from tests.storage.fresh import fresh

GOLDENS = Path(__file__).parent / "goldens"
LLAMA = "llama-3.1-70b fp8 on 2xH100, 1k in 300 out, 20 concurrent, within 10s, $3/h"
CALCULATOR = ROOT / "tests" / "calculator"
PRINTED = (CALCULATOR / "benchmarks" / "samples" / "vllm_limit.txt").read_text(encoding="utf-8")
CONFIG = json.dumps(
    {
        "model_type": "llama",
        "num_hidden_layers": 40,
        "hidden_size": 5120,
        "intermediate_size": 13824,
        "num_attention_heads": 40,
        "num_key_value_heads": 40,
        "vocab_size": 32000,
        "max_position_embeddings": 4096,
        "torch_dtype": "float16",
    }
)
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
    "export": "export 1",
    "export_csv": "export 1 csv",
    "what_if": "what if 1: fp8",
    "what_if_cheaper": "what if 3: cheaper",
    "what_if_form": "form whatif 1",
    "break_even": "break-even llama-3.3-70b fp8 on 2xH100 $3/h vs gpt-4o, 1k in 300 out, 2000 req/h, peak 3x, private 30%",
    "scenario_save": f"scenario save support: compare {LLAMA} vs 4xL40S $1/h; title Support; about Customers ask, it answers",
    "scenario": "scenario support",
    "scenarios": "scenarios",
    "scenario_report": "scenario report",
    "scenario_reference": "scenario reference measured",
    "audit_refused": "audit",
    "start": "start",
    "samples": "samples",
    "samples_again": "samples",
    "form_schedule_weekly": "form schedule every monday 09:00 of sample=yes",
    "samples_removed": "samples remove",
    "help": "help",
    "help_compare": "help compare",
    "help_words": "help words",
    "form_share": "form share 1",
    "defaults": "defaults",
    "defaults_set": "defaults hours 730, provider aws, currency EUR at 0.92",
    "defaults_estimate": "llama-3.1-8b on H100, 1k in 300 out, 1000 req/h",
    "defaults_compare": "compare llama-3.1-8b on H100 vs RTX4090, 1k in 300 out, 1000 req/h",
    "form_defaults": "form defaults",
    "form": "form",
    "form_filled": f"form {LLAMA}, discount 10% in <#C2>",
    "form_compare": f"form compare {LLAMA} vs 4xL40S",
    "form_compare_message": "form compare 7B on RTX4090 from the message: Is 7B on RTX4090 enough?",
    "misunderstood": "lama-3.1-8b on H100 <!channel>",
}
HEALTH = Health(
    version="0.1.0",
    database_bytes=3_250_000,
    looked_at=NOON,
    in_doubt=1,
    schedules=4,
    paused=1,
    newest_price="2026-11-01",
    today=NOON,
    keep_days=90,
    channels=("C2", "C3"),
)
BEFORE_ADMINISTERING = ("7B on L4, 500 tokens, $0.8/h", "track bot: 7B on L4 1000/h", "prices set H100 $2/h")
ADMINISTERED = {
    "privacy": "privacy",
    "privacy_export": "privacy export",
    "privacy_guests": "privacy guests allow",
    "privacy_keep": "privacy keep 180 days",
    "privacy_erase": "privacy erase",
    "privacy_erase_person": "privacy erase <@U1>",
    "privacy_erase_workspace": "privacy erase workspace",
    "channels_only": "channels only <#C1> <#C2>",
    "elsewhere": "help",
    "audit": "audit",
    "audit_of": "audit prices",
    "privacy_erased": "privacy erase yes",
}
"""What an admin asks in a workspace of their own, all but one in a channel of the list."""
KNOWN_TO_THE_SDK = {"section", "header", "context", "actions", "divider", "input", "rich_text"}


def payload(reply):
    return reply.view if isinstance(reply, Modal) else {"text": reply.text, "blocks": list(reply.blocks)}


@pytest.fixture(scope="module")
def payloads(tmp_path_factory):
    """Each question's reply, asked one after another on one history."""
    with (
        pytest.MonkeyPatch.context() as patch,
        fresh(tmp_path_factory.mktemp("goldens") / "inference.db") as database,
    ):
        patch.setattr("bot.books.status.health_of", lambda *_: HEALTH)
        patch.setattr("bot.commands.tracking.schedule.RULES", ZoneRules(version="2026f", source="a test"))
        return asked_in_turn(Service(database, lambda: NOON, people=Acquainted()))


class OnlyOne(UnknownChannels):
    """One channel is known to be public."""

    def is_public(self, team_id, channel_id):
        return channel_id == "C2"


class Acquainted(Strangers):
    """Nobody is known, but a channel is."""

    channels = OnlyOne()


def asked_in_turn(service):
    asker = Asker(team_id="T1", user_id="U1", channel_id="C1", channel_name="general")
    admin = Asker(team_id="T5", user_id="local", channel_id="C1", channel_name="general")
    elsewhere = {"elsewhere": admin.model_copy(update={"channel_id": "C9"})}
    found = {}
    for name, text in QUESTIONS.items():
        found[name] = payload(service.reply(text, asker))
    for text in BEFORE_ADMINISTERING:
        service.reply(text, admin)
    for name, text in ADMINISTERED.items():
        found[name] = payload(service.reply(text, elsewhere.get(name, admin)))
    return {
        **found,
        "home": service.home(asker),
        "home_empty": service.home(asker.model_copy(update={"user_id": "U9"})),
        "home_searched": service.home(asker, "GPT-4 page 1"),
        "home_admin": service.home(asker.model_copy(update={"user_id": "local"})),
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


def test_every_message_has_a_text_that_a_screen_reader_says_in_a_sentence_or_two(payloads):
    texts = {name: payload["text"] for name, payload in payloads.items() if not payload.get("type")}
    bad = {
        name: text
        for name, text in texts.items()
        if not re.search(r"\w{2}", text)
        or len(text) > 300
        or re.search(r"[`*|~\n]|:[a-z_]{2,}:|<(?![@#])", text)
        or text.endswith(":")
    }
    assert bad == {}


def test_a_text_says_the_main_figures(payloads):
    for name in (
        "estimate",
        "compare",
        "break_even",
        "summary",
        "prices_h100",
        "catalog_prices",
        "what_if",
        "deployment",
        "hosted",
        "usage",
    ):
        assert re.search(r"\d", payloads[name]["text"]), name


def elements(thing):
    if isinstance(thing, list):
        for one in thing:
            yield from elements(one)
    elif isinstance(thing, dict):
        if re.fullmatch(
            r"button|overflow|\w+_select|checkboxes|radio_buttons|\w+_input|\w+picker|image", str(thing.get("type"))
        ):
            yield thing
        for value in thing.values():
            yield from elements(value)


def words_of(element):
    """What a screen reader says of it: its own label, or what it offers."""
    said = [
        element.get("accessibility_label"),
        element.get("alt_text"),
        *(element.get(part, {}).get("text") for part in ("text", "placeholder")),
    ]
    return [text for text in (*said, *(one["text"]["text"] for one in element.get("options", ()))) if text]


def labelled(payload):
    """The elements of inputs, whose labels are said."""
    return {id(block["element"]) for block in payload["blocks"] if block["type"] == "input"}


def test_everything_that_is_pressed_or_chosen_has_words(payloads):
    for name, payload in payloads.items():
        for element in elements(payload["blocks"]):
            words = words_of(element)
            assert id(element) in labelled(payload) or words, (name, element)
            assert all(re.search(r"\w", text) for text in words), (name, element)


def test_no_two_buttons_that_do_different_things_sound_the_same(payloads):
    for name, payload in payloads.items():
        buttons = [one for one in elements(payload["blocks"]) if one["type"] == "button"]
        said = {(one.get("accessibility_label") or one["text"]["text"], one.get("value")) for one in buttons}
        assert len({words for words, _ in said}) == len(said), (name, said)


def test_what_people_type_never_becomes_a_mention(payloads):
    assert "<!channel>" not in json.dumps(payloads["misunderstood"]["blocks"])


def test_an_answer_shows_as_it_was_given_whatever_the_catalog_says_later(service, asker, monkeypatch):
    given = service.reply(QUESTIONS["estimate"], asker)
    monkeypatch.setattr(
        "bot.commands.estimates.stored_answers.shown_of", lambda _: pytest.fail("nothing is computed anew")
    )
    shown = service.reply("show 1", asker)
    assert isinstance(given, Message)
    assert shown == given
