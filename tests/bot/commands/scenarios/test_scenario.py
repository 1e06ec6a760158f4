"""`scenario`: questions that a channel keeps by name, asked again, and the report that the reference document was the model of."""

import json
import re
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.access.people import Strangers
from bot.commands import read
from bot.commands.decisions.compare_question import CompareQuestion
from bot.commands.decisions.recommend_question import RecommendQuestion
from bot.commands.scenarios.scenario_question import ScenarioQuestion
from bot.desk.asker import Asker
from bot.limits.payloads import check_message
from bot.service import Service
from bot.terminal import plain
from bot.views.kit.markdown import escape
from calculator.catalog.document import reference_use_cases
from calculator.errors import QuestionError
from tests.bot.conftest import NOON
from tests.storage.fresh import fresh

ASK = "compare 7B on RTX4090 local vs 13B on A100, 500 tokens, 1000 req/h, within 5s, high quality, 24/7"
SAVE = f"scenario save support-chatbot: {ASK}"
OTHER = "scenario save content-api: 7B on A100 vs 13B on A100, 1500 tokens, 100 req/h, content, within 30s"
KEYS = ["model_size", "tokens", "batch_size", "hardware_type", "deployment_mode", "requests_per_hour", "results"]
RESULTS = {
    "memory": ["total_memory_gb", "memory_fits", "memory_utilization_percent"],
    "latency": ["total_latency_seconds", "tokens_per_second"],
    "cost": ["cost_per_request", "hourly_cost", "monthly_cost"],
    "compatibility": ["performance_score", "recommendations"],
}
"""The reference document's keys, in its order."""


class Admins(Strangers):
    def is_admin(self, user_id):
        return user_id == "UADMIN"

    def zone(self, user_id):
        return None


@pytest.fixture
def other() -> Asker:
    return Asker(team_id="T1", user_id="U2", channel_id="C1", channel_name="general")


def names(service, asker):
    return [one["name"] for one in service.answer("scenarios", asker).data["scenarios"]]


def is_sendable(message):
    return not check_message({"text": message.text, "blocks": list(message.blocks)})


def buttons(message):
    rows = [block["elements"] for block in message.blocks if block["type"] == "actions"]
    return {one["action_id"]: one["value"] for row in rows for one in row}


def document(message):
    return message.file.content


def test_a_scenario_is_saved_listed_and_asked_again_by_its_name(service, asker, other):
    saved = service.answer(SAVE, asker)
    assert "Scenario support-chatbot is saved for this channel" in plain(saved)
    assert saved.data["answer"]["recommended_option"] == "A"
    assert names(service, other) == ["support-chatbot"]
    again = service.answer("scenario SUPPORT-chatbot", other)
    assert "nothing changed." in plain(again)
    assert service.answer(f"show {again.data['number']}", other).data["recommended_option"] == "A"
    assert is_sendable(saved)
    assert is_sendable(again)
    assert is_sendable(service.answer("scenarios", asker))


def test_without_a_question_the_last_comparison_of_this_channel_is_kept(service, asker):
    elsewhere = asker.model_copy(update={"channel_id": "C9", "private": True})
    service.answer("compare 7B on L4 vs 7B on H100", elsewhere)
    service.answer("7B on L4", asker)
    with pytest.raises(QuestionError, match="compared nothing in this channel"):
        service.answer("scenario save support-chatbot", asker)
    number = service.answer(ASK, asker).data["number"]
    service.answer("compare 7B on L4 vs 7B on H100", elsewhere)
    kept = service.answer("scenario save last", asker).data["saved"]["question"]
    assert kept == service.answer(f"scenario save by-number #{number}", asker).data["saved"]["question"]
    assert "RTX4090" in kept


def test_an_estimate_and_another_persons_hidden_answer_are_not_saved(service, asker, other):
    number = service.answer("7B on L4", asker).data["number"]
    with pytest.raises(QuestionError, match="comparison or a recommendation"):
        service.answer(f"scenario save x {number}", asker)
    with pytest.raises(QuestionError, match="There is no #"):
        service.answer(f"scenario save x {number}", other)


def test_a_changed_price_is_told_once_when_the_scenario_is_asked_again(service, asker):
    service.answer(SAVE, asker)
    service.answer("prices set RTX4090 $0.90/h", asker)
    assert "Kept per month $134 → $648" in plain(service.answer("scenario support-chatbot", asker))
    assert "nothing changed." in plain(service.answer("scenario support-chatbot", asker))


def test_another_verdict_is_told_beside_the_one_before(service, asker):
    service.answer(f"{SAVE}, budget $200 a month", asker)
    service.answer("prices set RTX4090 $0.90/h", asker)
    assert "it was: Take A" in plain(service.answer("scenario support-chatbot", asker))


def test_replacing_asks_first_keeps_the_title_and_is_undone(service, asker):
    service.answer(f"{SAVE}; title Support; about Answers <b>customers</b>", asker)
    changed = SAVE.replace("within 5s", "within 9s")
    asked = service.answer(changed, asker)
    assert plain(asked).startswith("Replace scenario support-chatbot?")
    assert "within 5s" in service.answer("scenarios", asker).data["scenarios"][0]["question"]
    replaced = service.answer(buttons(asked)["replace"], asker)
    now = service.answer("scenarios", asker).data["scenarios"][0]
    assert ("within 9s" in now["question"], now["title"], now["about"]) == (True, "Support", "Answers <b>customers</b>")
    service.answer(buttons(replaced)["undo"], asker)
    assert "within 5s" in service.answer("scenarios", asker).data["scenarios"][0]["question"]
    assert is_sendable(asked)
    assert is_sendable(replaced)


def test_removing_asks_first_and_is_undone(service, asker):
    service.answer(SAVE, asker)
    asked = service.answer("scenario remove support-chatbot", asker)
    assert names(service, asker) == ["support-chatbot"]
    removed = service.answer(buttons(asked)["remove"], asker)
    assert names(service, asker) == []
    service.answer(buttons(removed)["undo"], asker)
    assert names(service, asker) == ["support-chatbot"]


def test_a_new_scenario_is_undone_by_its_button(service, asker):
    saved = service.answer(SAVE, asker)
    service.answer(buttons(saved)["undo"], asker)
    assert names(service, asker) == []


def test_only_who_saved_it_and_admins_change_a_scenario(tmp_path, asker, other):
    with fresh(tmp_path / "inference.db") as database:
        service = Service(database, lambda: NOON, people=Admins())
        service.answer(SAVE, asker)
        for text in ("scenario remove support-chatbot", "scenario remove support-chatbot yes", f"{SAVE} yes", SAVE):
            with pytest.raises(QuestionError, match="belongs to someone else"):
                service.answer(text, other)
        admin = other.model_copy(update={"user_id": "UADMIN"})
        service.answer("scenario remove support-chatbot yes", admin)
        with pytest.raises(QuestionError, match="belongs to someone else"):
            service.answer("scenario restore support-chatbot", other)
        service.answer("scenario restore support-chatbot", asker)
        assert names(service, asker) == ["support-chatbot"]


@pytest.mark.parametrize("place", [{"channel_id": "C2"}, {"channel_id": "D1", "private": True}, {"team_id": "T2"}])
def test_a_scenario_is_seen_in_its_own_channel_alone(place, service, asker):
    service.answer(SAVE, asker)
    elsewhere = asker.model_copy(update=place)
    assert names(service, elsewhere) == []
    for text in (
        "scenario support-chatbot",
        "scenario remove support-chatbot yes",
        "scenario restore support-chatbot",
        "scenario report",
        "scenario report support-chatbot",
    ):
        with pytest.raises(QuestionError):
            service.answer(text, elsewhere)


@pytest.mark.parametrize(
    ("text", "field", "words"),
    [
        ("scenario save my chat: 7B on L4 vs 13B on L4", "name", "`my-chat`"),
        ("scenario save report: 7B on L4 vs 13B on L4", "name", "no name"),
        ("scenario chat: 7B on L4 vs 13B on L4", "name", "scenario save chat"),
        ("scenario save", "name", "scenario save support-chatbot"),
        ("scenario remove", "name", "scenario remove support-chatbot"),
        ("scenario save x: 7B on L4", "question", "comparison or a recommendation"),
        ("scenario suport-chatbot", "name", "Did you mean `support-chatbot`?"),
        ("scenario report nothing-such", "name", "`scenarios` lists them"),
        ("scenario reference again", "reference", "scenario reference measured"),
        ("scenario restore support-chatbot", "name", "replaced or removed"),
        ("scenarios page 7", "page", "`scenarios` is the first"),
        (f"{SAVE}; title {'x' * 200}", "title", "100 characters"),
    ],
)
def test_what_is_not_understood_names_the_field_and_says_what_to_type(text, field, words, service, asker):
    service.answer(SAVE, asker)
    with pytest.raises(QuestionError) as error:
        service.answer(text, asker)
    assert error.value.field == field
    assert words in error.value.message


def json_blocks(text):
    return [json.loads(block) for block in re.findall(r"```json\n(.*?)\n```", text, re.DOTALL)]


def test_the_report_has_the_reference_documents_headings_use_case_by_use_case(service, asker):
    service.answer(f"{SAVE}; title Chatbot for support; about A shop answers its customers", asker)
    service.answer(OTHER, asker)
    report = service.answer("scenario report", asker)
    headings = re.findall(r"^(#+ .*)$", document(report), re.MULTILINE)
    assert headings[:3] == ["# LLM Inference Scenario Analysis", "## Overview", "## Use Case 1: Content api"]
    assert headings[3:10] == [
        "### Scenario Description",
        "### Requirements Analysis",
        "### Calculator Results",
        "#### Option A: Llama 2 7B BF16 on A100 SXM4 40GB (Cloud)",
        "#### Option B: Llama 2 13B BF16 on A100 SXM4 40GB (Cloud)",
        "### Recommendation: Option A (Llama 2 7B BF16 on A100 SXM4 40GB)",
        "## Use Case 2: Chatbot for support",
    ]
    assert headings[-1] == "## Summary of Recommendations"
    for words in (
        "A shop answers its customers",
        "- **Model Quality**: High",
        "- **Latency**: Medium (< 5 s)",
        "- **Throughput**: High (1,000 req/hour)",
        "- **Cost Sensitivity**: Medium",
        "- **Availability**: 24/7",
        "- **Privacy**: Not stated",
        "**Rationale:**",
        "**Why not the others:**",
        "80 %:",
        "2026-11-24 12:00 UTC",
    ):
        assert words in document(report)


def test_every_json_block_has_exactly_the_documents_keys_and_plain_numbers(service, asker):
    service.answer(SAVE, asker)
    service.answer("scenario save api: compare gpt-4o-mini vs 7B on 2xL4 vs 70B on L4, 200 tokens, 100 req/h", asker)
    text = document(service.answer("scenario report", asker))
    blocks = json_blocks(text)
    assert len(blocks) == 5
    for block in blocks:
        assert list(block) == KEYS
        assert {part: list(found) for part, found in block["results"].items()} == RESULTS
    assert blocks[1]["hardware_type"] == "2xL4"
    assert blocks[0]["results"]["memory"] == dict.fromkeys(RESULTS["memory"])
    assert not re.search(r"\de-\d", text)
    assert not re.search(r"\d\.\d{7,}", text)


def test_named_scenarios_alone_are_reported_in_the_order_in_which_they_are_named(service, asker):
    service.answer(SAVE, asker)
    service.answer(OTHER, asker)
    found = service.answer("scenario report support-chatbot and content-api", asker).data
    assert [case["name"] for case in found["use_cases"]] == ["support-chatbot", "content-api"]
    assert [case["recommended_option"] for case in found["use_cases"]] == ["A", "A"]
    assert len(service.answer("scenario report content-api", asker).data["use_cases"]) == 1


def test_the_report_goes_to_direct_messages_with_its_summary_in_the_channel(service, asker):
    for number in range(15):
        service.answer(f"{SAVE.replace('support-chatbot', f'bot-{number}')}; title {'Long ' * 19}", asker)
    report = service.answer("scenario report", asker)
    assert report.file.name == "inference-scenarios.md"
    assert "in your direct messages" in report.text
    assert is_sendable(report)
    assert len(report.data["summary"]) == 15


def test_a_scenario_that_cannot_be_answered_any_more_says_so_and_the_others_are_reported(service, asker):
    config = '{"model_type":"llama","hidden_size":4096,"num_hidden_layers":32,"num_attention_heads":32,"intermediate_size":11008,"vocab_size":32000,"max_position_embeddings":4096}'
    service.answer(f"model acme {config}", asker)
    service.answer("scenario save ours: our/acme on L4 vs 13B on A100", asker)
    service.answer(SAVE, asker)
    service.answer("model remove our/acme yes", asker)
    report = service.answer("scenario report", asker)
    assert "cannot be answered any more: Your team has no model our/acme" in document(report)
    assert [bool(case.get("problem")) for case in report.data["use_cases"]] == [True, False]


def test_what_people_wrote_becomes_no_markup(service, asker):
    service.answer(f"{SAVE}; title # <script> *x*; about [a](http://b) | <!channel> &lt;i> 1. _y_", asker)
    text = document(service.answer("scenario report", asker))
    assert "## Use Case 1: \\# \\<script> \\*x\\*" in text
    assert "\n\\[a](http://b) \\| \\<!channel> \\<i> 1. \\_y\\_\n" in text
    assert "<!channel>" not in str(service.answer("scenarios", asker).blocks)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("1. first", "1\\. first"),
        ("- list", "\\- list"),
        ("---", "\\---"),
        ("# h", "\\# h"),
        ("> q", "\\> q"),
        ("18.5", "18.5"),
        ("7B -> x < 2 s", "7B -> x < 2 s"),
        ("max_latency", "max_latency"),
        ("a\n\n# b", "a # b"),
        ("~~~", "\\~\\~~"),
    ],
)
def test_markdown_shows_text_as_it_is(text, shown):
    assert escape(text) == shown


def test_with_the_documents_latencies_and_prices_the_reference_run_recommends_what_it_does(service, asker):
    report = service.answer("scenario reference measured", asker)
    found = report.data["use_cases"]
    assert [case["recommended_option"] for case in found] == ["A", "C", "A"]
    assert [case["document"]["recommended_option"] for case in found] == ["A", "C", "A"]
    printed = ("latency", "second", "cost")
    for figure in (one for case in found for one in case["document"]["figures"]):
        if any(word in figure["figure"] for word in printed):
            assert not figure["why"], figure
    assert "Latency rests on what was measured" in document(report)
    assert len(json_blocks(document(report))) == 8


def test_the_reference_run_gives_a_reason_for_every_difference(service, asker):
    report = service.answer("scenario reference", asker)
    figures = [one for case in report.data["use_cases"] for one in case["document"]["figures"]]
    assert len(figures) == 8 * 9
    assert all(
        bool(one["why"]) == (one["document"] != pytest.approx(one["here"], rel=1e-3, abs=1e-9)) for one in figures
    )
    for words in ("calls 105.8 % a fit", "whatever the batch", "imply $0.51 an hour", "read at 16 bits"):
        assert words in document(report)
    assert is_sendable(report)


def test_the_reference_run_stores_nothing_and_takes_nothing_of_the_teams_own(service, asker):
    before = service.answer("scenario reference", asker).data
    service.answer("prices set RTX4090 $9/h", asker)
    service.answer("calibrate 7B on RTX4090, chat, 500 tokens, batch 4, takes 1s", asker)
    assert service.answer("scenario reference", asker).data == before
    service.answer("scenario reference measured", asker)
    assert service.answer("calibrations", asker).data["total"] == 1
    assert names(service, asker) == []
    assert service.answer("history", asker).data["items"] == []


def test_the_reference_data_are_the_documents_eight_options():
    cases = reference_use_cases()
    assert [len(case.options) for case in cases] == [2, 3, 3]
    for option in (one for case in cases for one in case.options):
        p = option.printed
        assert p.cost_per_request == pytest.approx(p.total_latency_seconds * option.usd_per_gpu_hour / 3600, abs=6e-6)


def test_a_report_is_sent_to_direct_messages_as_a_file(place):
    ada = place.person()
    ada.type("/inference scenario reference")
    assert "Code assistant in the editor" in ada.wait_for_message(containing="Scenario report of 3 use cases").words
    assert [file["name"] for file in ada.wait_for_message(channel="@app").files] == ["inference-scenarios-reference.md"]


def test_the_command_line_prints_the_document_itself(service, asker):
    service.answer(SAVE, asker)
    assert plain(service.answer("scenario report", asker)).startswith("# LLM Inference Scenario Analysis\n")


def test_a_report_says_what_changed_since_the_last_answer_and_leaves_it_to_be_told(tmp_path, asker):
    now = [NOON]
    with fresh(tmp_path / "inference.db") as database:
        service = Service(database, lambda: now[0])
        service.answer(SAVE, asker)
        now[0] = NOON + timedelta(days=7)
        service.answer("prices set RTX4090 $0.90/h", asker)
        for _ in range(2):
            assert "$134 → $648" in document(service.answer("scenario report", asker))


TEXT = st.text(max_size=40)
NAMES = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,20}", fullmatch=True).filter(
    lambda name: (
        name.lower()
        not in {
            "list",
            "save",
            "add",
            "remove",
            "delete",
            "restore",
            "report",
            "reference",
            "show",
            "run",
            "all",
            "and",
            "page",
            "yes",
            "sure",
        }
    )
)
ASKED = st.sampled_from(
    [
        CompareQuestion.from_text("7B on L4 vs 13B on A100, in here"),
        RecommendQuestion.from_text("chatbot, 10 req/h, in here"),
        CompareQuestion.from_text("7B on L4 vs 13B on A100, high quality, 24/7"),
    ]
)


@given(
    name=NAMES,
    names=st.lists(NAMES, max_size=3),
    asks=st.none() | ASKED,
    number=st.none() | st.integers(1, 10**9 - 1),
    title=TEXT,
    about=TEXT | st.sampled_from(["a; about b", "; yes", "yes", "a; title b; sure", ": x"]),
    sure=st.booleans(),
    page=st.integers(1, 1000),
)
@settings(max_examples=300)
def test_every_question_about_scenarios_reads_back_equal(name, names, asks, number, title, about, sure, page):
    told = {"title": title, "about": about, "sure": sure}
    questions = [
        ScenarioQuestion(part="save", name=name, asks=asks, number=None if asks else number, **told),
        ScenarioQuestion(part="show", name=name),
        ScenarioQuestion(part="restore", name=name),
        ScenarioQuestion(page=page),
        ScenarioQuestion(part="remove", name=name, sure=sure),
        ScenarioQuestion(part="report", names=tuple(names)),
        ScenarioQuestion(part="reference", measured=sure),
    ]
    for question in questions:
        assert read(str(question)) == question
