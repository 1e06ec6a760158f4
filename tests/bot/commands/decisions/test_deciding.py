"""`compare` against requirements: the decision, its reasons, what would change it, and the reference document's three use cases."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.__main__ import main
from bot.commands import read
from bot.commands.decisions.compare_question import CompareQuestion
from bot.commands.forms.form import form_question
from bot.limits.payloads import check_message
from bot.terminal import plain
from calculator.errors import QuestionError
from tests.bench.processes import ROOT

HERE = ROOT / "tests" / "bot"
OPTIONS = json.loads((HERE / "reference_options.json").read_text(encoding="utf-8"))
PRINTED = json.loads((HERE / "reference_figures.json").read_text(encoding="utf-8"))
USE_CASES = {
    "customer support": ((0, 1), "within 2s, high quality, medium cost sensitivity, 24/7", "A", "AB"),
    "content generation": (
        (2, 3, 4),
        "within 10s, very high quality, low cost sensitivity, business hours",
        "C",
        "CBA",
    ),
    "code assistant": (
        (5, 6, 7),
        "within 500ms, high quality, medium cost sensitivity, must work offline, work hours",
        "A",
        "CAB",
    ),
}
"""The document's options by place, its requirements in words, the option it recommends, and its options by falling score."""
TWO = "7B on RTX4090 local $0.51/h vs 13B on A100 cloud $3.26/h, 500 tokens, 1000 req/h"


def option(place):
    o, usd = OPTIONS[place], PRINTED[place]["usd_per_gpu_hour"]
    return (
        f"{o['model_size']} on {o['hardware_type']} {o['deployment_mode']}, {o['tokens']} tokens, batch {o['batch_size']}, "
        f"{o['requests_per_hour']} req/h, ${usd}/h"
    )


def measure(place, service, asker):
    o, seconds = OPTIONS[place], PRINTED[place]["total_latency_seconds"]
    service.answer(
        f"calibrate {o['model_size']} on {o['hardware_type']}, {o['tokens']} tokens, batch {o['batch_size']}, takes {seconds}s",
        asker,
    )


@pytest.mark.parametrize("name", USE_CASES)
def test_the_reference_documents_use_cases_come_to_its_recommendation_with_its_latencies(name, service, asker):
    places, required, recommended, by_score = USE_CASES[name]
    for place in places:
        measure(place, service, asker)
    found = service.answer(f"compare {' vs '.join(map(option, places))}, {required}", asker).data
    assert found["recommended_option"] == recommended
    scores = {
        letter: one["results"]["compatibility"]["performance_score"]
        for letter, one in zip("ABC", found["options"], strict=False)
    }
    assert "".join(sorted(scores, key=lambda letter: -scores[letter])) == by_score
    for one in found["options"]:
        memory = one["results"]["memory"]
        assert memory["memory_fits"] == (memory["memory_utilization_percent"] <= 100)
        assert memory["memory_fits"] or one["results"]["compatibility"]["performance_score"] == 0


@pytest.mark.parametrize("name", USE_CASES)
def test_with_our_own_figures_each_option_that_fails_says_what_would_make_it_pass(name, service, asker):
    places, required, _, _ = USE_CASES[name]
    found = service.answer(f"compare {' vs '.join(map(option, places))}, {required}", asker)
    failing = [
        letter for letter, criteria in found.data["criteria"].items() if any(one["met"] is False for one in criteria)
    ]
    assert failing
    for letter in failing:
        assert found.data["flips"][letter]["change"]
        assert found.data["flips"][letter]["change"] in plain(found)


def test_requirements_may_stand_anywhere_and_hold_for_every_option():
    question = read(
        "compare high quality 7B on L4 $1/h vs 13B on A100 within 2s, 24/7, budget of $2k a month, n+1, peak 3x, p95"
    )
    assert isinstance(question, CompareQuestion)
    needs = question.requirements
    assert (needs.quality, needs.around_the_clock, needs.redundant, needs.percentile) == ("high", True, True, "p95")
    assert needs.budget_usd == 2000
    assert {one.max_latency_seconds for one in question.options} == {2.0}
    assert read(str(question)) == question


def test_two_options_that_require_different_things_are_refused():
    with pytest.raises(QuestionError, match="quality holds for every option"):
        read("compare 7B on L4, high quality vs 13B on L4, low quality")


def test_a_decision_shows_criteria_figures_reasons_and_costs_within_slacks_limits(service, asker):
    answer = service.answer(f"compare {TWO}, within 5s, high quality, 24/7, budget $900 a month", asker)
    shown = plain(answer)
    for words in (
        "Take A",
        "Why A",
        "Why not the others",
        "Latency: within 5 s",
        "Budget: $900 a month",
        "✗ $2,347",
        "Dollars a month",
    ):
        assert words in shown
    assert not check_message({"text": answer.text, "blocks": list(answer.blocks)})


def test_nothing_meets_everything_and_the_closest_is_named_with_what_it_lacks(service, asker):
    answer = service.answer(f"compare {TWO}, within 1ms", asker)
    assert answer.data["recommended_option"] is None
    assert "No option meets everything" in plain(answer)
    assert "comes closest" in plain(answer)


def test_offline_excludes_cloud_and_service(service, asker):
    found = service.answer(
        "compare 7B on RTX4090 vs 7B on L4 cloud vs gpt-4o-mini, 500 tokens, 100 req/h, must stay on-prem", asker
    )
    assert found.data["recommended_option"] == "A"
    assert "with hardware of your own" in plain(found)


def test_a_service_competes_with_hardware_by_its_bill(service, asker):
    found = service.answer("compare llama-3.1-8b on H100 vs llama-3.1-8b api, 1k in 300 out, 10 req/h", asker)
    assert found.data["recommended_option"] == "B"


def test_the_peak_and_the_spare_copy_are_paid_for(service, asker):
    plain_one, busy = (
        service.answer(f"compare 7B on L4 vs 13B on A100, 500 tokens, 8000 req/h{more}", asker).data["options"][0][
            "results"
        ]
        for more in ("", ", peak 3x, redundant")
    )
    assert busy["load"]["requests_per_hour"] == 24_000
    assert busy["cost"]["provisioned"]["replicas"] > plain_one["cost"]["provisioned"]["replicas"] + 1
    assert busy["cost"]["hourly_cost"] == pytest.approx(plain_one["cost"]["hourly_cost"], rel=0.5)


def test_business_hours_are_176_a_month_unless_said_otherwise(service, asker):
    def hours(text):
        return service.answer(f"compare {TWO}, {text}", asker).data["options"][0]["resolved"]["hours_per_month"]

    assert hours("business hours") == 176
    assert hours("business hours, 200 hours a month") == 200
    assert hours("24/7") == 720


WANTED = st.fixed_dictionaries(
    {},
    optional={
        "percentile": st.sampled_from(["typical", "p95"]),
        "peak_factor": st.floats(1, 1000),
        "quality": st.sampled_from(["low", "medium", "high", "very high"]),
        "cost_sensitivity": st.sampled_from(["low", "medium", "high"]),
        "availability": st.sampled_from(["24/7", "business hours"]),
        "redundancy": st.just("redundant"),
        "privacy": st.just("offline"),
        "budget_usd": st.decimals("0.01", 10**9, places=2),
    },
)


@given(wanted=WANTED)
@settings(max_examples=200)
def test_every_requirement_reads_back_equal(wanted):
    options = ({"model_size": "7B", "hardware_type": "L4"}, {"model_size": "13B", "hardware_type": "A100"})
    question = CompareQuestion.make({"options": options, **wanted})
    assert read(str(question)) == question


def test_the_same_requirements_give_the_same_decision_from_text_form_button_and_command_line(
    service, asker, tmp_path, capsys
):
    text = f"compare {TWO}, within 3s, high quality, 24/7"
    typed = service.answer(text, asker)
    view = {
        "callback_id": "compare",
        "state": {
            "values": {
                "options": {"options": {"value": TWO.replace(" vs ", "\n") + ", within 3s"}},
                "quality": {"quality": {"selected_option": {"value": "high"}}},
                "availability": {"availability": {"selected_option": {"value": "24/7"}}},
            }
        },
    }
    by_form = service.ask(form_question(view), service.desk(asker))
    pressed = service.answer("rerun 1", asker)
    assert main(["ask", "--json", "--db", str(tmp_path / "a.db"), text]) == 0
    printed = json.loads(capsys.readouterr().out)
    for found in (by_form.data, pressed.data, printed):
        for name in ("recommended_option", "ranking", "criteria", "flips"):
            assert found[name] == typed.data[name]


def test_details_tell_the_published_scores_with_their_sources(service, asker):
    service.answer("llama-3.1-70b on 2xH100, 500 tokens", asker)
    service.answer("7B on L4, 500 tokens", asker)
    scored, bare = (plain(service.answer(f"details {number}", asker)) for number in (1, 2))
    assert "Quality: good. MMLU 83.6 %" in scored
    assert "From: llm-stats" in scored
    assert "no published score is known" in bare
