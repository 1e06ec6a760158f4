"""`break-even`: hardware against a hosted model, from the words to the blocks."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.commands import read
from bot.commands.decisions.break_even_question import BreakEvenQuestion
from bot.limits.payloads import check_message
from bot.terminal import plain
from calculator.errors import QuestionError

FULL = (
    "break-even llama-3.3-70b fp8 on 2xH100 $3/h vs gpt-4o, 1k in 300 out, 2000 req/h, peak 3x, redundant, private 30%"
)
PAYS = "break-even llama-3.3-70b fp8 on 2xH100 $3/h vs gpt-4o, 1k in 300 out"


def button_of(answer, label):
    """What the button types; None where there is none."""
    elements = [element for block in answer.blocks if block["type"] == "actions" for element in block["elements"]]
    return next((element["value"] for element in elements if element["text"]["text"] == label), None)


def charts(answer):
    return [block for block in answer.blocks if block["type"] == "data_visualization"]


def tables(answer):
    return [
        [[cell["text"] for cell in row] for row in block["rows"]] for block in answer.blocks if block["type"] == "table"
    ]


def test_both_sides_what_they_must_do_and_what_is_required_are_read_from_one_sentence():
    question = read(FULL)
    assert isinstance(question, BreakEvenQuestion)
    assert (question.about.hardware_type, question.about.gpus, question.about.requests_per_hour) == ("H100", 2, 2000)
    assert (question.against.model_size, question.against.deployment_mode) == ("gpt-4o", "api")
    assert (question.peak_factor, question.redundancy, question.private_share) == (3, "redundant", 0.3)
    assert read(str(question)) == question


@pytest.mark.parametrize(
    "text",
    [
        "breakeven llama-3.3-70b on 2xH100 vs llama-3.3-70b api",
        "break even llama-3.3-70b on 2xH100 vs api",
        "Break-Even on 2xH100 vs llama-3.3-70b api",
        "break-even llama-3.3-70b vs llama-3.3-70b api, on 2xH100",
        "break-even llama-3.3-70b api against llama-3.3-70b on 2xH100",
    ],
)
def test_it_may_be_said_in_many_ways(text):
    assert str(read(text)) == "break-even llama-3.3-70b on 2xH100 vs llama-3.3-70b, api"


def test_what_only_hardware_has_is_meant_for_it_wherever_it_is_said():
    question = read(
        "break-even llama-3.3-70b on 2xH100 vs gpt-4o, 35% discount, fp8, cheapest, peak 3x for 6 hours a day, in here"
    )
    assert (question.about.discount, question.about.precision, question.about.price_choice) == (0.35, "fp8", "cheapest")
    assert (question.peak_hours, question.channel) == (6, "here")
    assert read(str(question)) == question


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("break-even", "options"),
        ("break-even gpt-4o", "hardware_type"),
        ("break-even 7B on L4 vs 13B on A100", "options"),
        ("break-even 7B on L4 vs gpt-4o vs gpt-4", "options"),
        ("break-even 7B on L4, 500 tokens vs gpt-4o, 600 tokens", "tokens"),
        ("break-even 7B on L4 vs gpt-4o, must stay on-prem", "privacy"),
        ("break-even 7B on L4 vs gpt-4o, low cost sensitivity", "cost_sensitivity"),
        ("break-even 7B on L4 vs gpt-4o, for 95%", "percentile"),
        ("break-even 7B on L4 vs gpt-4o, high quality", "quality"),
        ("break-even 7B on L4 vs gpt-4o, peak 4 hours a day", "peak_factor"),
        ("break-even 7B on L4 vs gpt-4o, private 130%", "private_share"),
        ("break-even 7B on L4 fp8 vs gpt-4o fp16", "precision"),
        ("break-even 7B on L4 vs gpt-4o, hihg quality", "hardware_type"),
    ],
)
def test_what_contradicts_itself_or_says_nothing_names_its_field(text, field):
    with pytest.raises(QuestionError) as error:
        read(text)
    assert error.value.field == field


def test_a_peak_longer_than_the_day_allows_says_how_long_it_may_be(service, asker):
    with pytest.raises(QuestionError, match="at most `peak 8 hours a day`"):
        service.answer(f"{PAYS}, 2000 req/h, peak 3x, peak 12 hours a day", asker)


def test_the_verdict_says_below_which_volume_the_api_is_cheaper(service, asker):
    answer = service.answer(PAYS, asker)
    rate = answer.data["break_even"]["requests_per_hour"]
    assert rate == pytest.approx(6 / 0.0055)
    assert answer.text.startswith(f"Below {rate:,.0f} req/h the API is cheaper, above it your own hardware")
    assert not tables(answer)
    assert answer.data["plans"] == {}


def test_the_answer_has_a_chart_a_table_assumptions_and_dated_prices_within_slacks_limits(service, asker):
    answer = service.answer(FULL, asker)
    (chart,), (table,) = charts(answer), tables(answer)
    assert chart["chart"]["type"] == "line"
    assert [series["name"] for series in chart["chart"]["series"]] == ["Own hardware", "API", "Hybrid"]
    assert "2,000" in chart["chart"]["axis_config"]["categories"]
    assert [row[0] for row in table] == ["Plan", "Own hardware", "API", "Overflow to the API", "Private share kept"]
    shown = plain(answer)
    for words in (
        "A month at 2,000 req/h",
        "Taken for granted",
        "for 4 of 24 hours",
        "may not go there",
        "spare",
        "genai-prices",
        "as stated",
        "#1",
    ):
        assert words in shown
    assert not check_message({"text": answer.text, "blocks": list(answer.blocks)})


def test_the_plans_in_the_table_are_those_of_the_two_estimates(service, asker):
    found = service.answer(
        "break-even 7B on L4 $0.8/h vs gpt-4o-mini, 500 tokens, 90000 req/h, peak 2x, n+1", asker
    ).data
    kept = found["own"]["results"]["cost"]["provisioned"]
    assert found["plans"]["own"]["monthly_usd"] == pytest.approx(kept["monthly_cost"])
    assert found["plans"]["own"]["copies"] == kept["replicas"]
    assert found["plans"]["api"]["monthly_usd"] == pytest.approx(found["service"]["results"]["cost"]["monthly_cost"])


def test_an_api_that_is_always_cheaper_says_so_and_why(service, asker):
    answer = service.answer("break-even 13B on A100 $3.26/h vs gpt-4o-mini, 500 tokens, 500 req/h, peak 50x", asker)
    assert answer.data["break_even"] is None
    assert "The API is cheaper than your own hardware at every rate" in answer.text
    assert "that it is kept for the API asks" in answer.text


def test_hardware_that_does_not_hold_the_model_is_an_answer_with_what_would(service, asker):
    answer = service.answer("break-even llama-3.3-70b on RTX4090 vs gpt-4o, 1k in 300 out, 100 req/h", asker)
    assert answer.text.startswith("Your own hardware does not do it")
    assert not charts(answer)
    assert not check_message({"text": answer.text, "blocks": list(answer.blocks)})


@pytest.mark.parametrize(
    ("model", "service_model", "why"),
    [
        ("llama-3.3-70b", "llama-3.3-70b", "it is the same model"),
        ("gpt-4", "gpt-4", "it is the same model"),
        ("starcoder2-15b", None, "nobody hosts"),
        ("llama-3.3-70b, very high quality", None, "that quality was asked for"),
    ],
)
def test_without_a_service_it_is_the_same_model_or_the_cheapest_as_good_and_says_which(
    service, asker, model, service_model, why
):
    answer = service.answer(f"break-even {model} on 8xH100, 1k in 300 out", asker)
    assert why in plain(answer)
    assert service_model is None or answer.data["service"]["resolved"]["model"] == service_model
    assert answer.data["service"]["results"]["offers"]


def test_a_discount_tells_what_the_commitment_changes_and_none_tells_nothing(service, asker):
    shown = plain(service.answer(f"{PAYS}, 2000 req/h, 35% discount", asker))
    assert "Committed for a year" in shown
    assert "at 709 req/h instead of at 1,091 req/h" in shown
    assert "Committed for a year" not in plain(service.answer(f"{PAYS}, 2000 req/h", asker))


def test_a_budget_marks_the_plans_over_it(service, asker):
    answer = service.answer(f"{PAYS}, 2000 req/h, budget $5000 a month", asker)
    over = {row[0]: "over the budget" in row[3] for row in tables(answer)[0][1:]}
    assert over == {"Own hardware": False, "API": True, "Overflow to the API": False}


def test_cached_prompts_are_cheaper_at_the_api_and_told_where_no_price_is_known(service, asker):
    plain_one, cached = (service.answer(f"{PAYS}{more}", asker) for more in ("", ", cache 50%"))
    assert cached.data["service"]["results"]["cost"]["cost_per_request"] == pytest.approx(0.0055 - 500 * 1.25 / 1e6)
    assert "50% of the prompt at the cached price" in plain(cached)
    assert "cached price" not in plain(plain_one)
    assert "the full price counts" in plain(service.answer("break-even 7B on L4 vs gpt-4, cache 50%", asker))
    assert "at the cached price" in plain(service.answer("gpt-4o, 1k in 300 out, cache 50%", asker))


def test_the_teams_own_price_and_measurements_count(service, asker):
    before = service.answer("break-even 7B on L4 vs gpt-4o-mini, 500 tokens", asker).data["break_even"]
    service.answer("prices set L4 $0.10/h", asker)
    after = service.answer("break-even 7B on L4 vs gpt-4o-mini, 500 tokens", asker).data["break_even"]
    assert after["requests_per_hour"] < before["requests_per_hour"]
    service.answer("calibrate 7B on L4, 500 tokens, batch 100, takes 600s", asker)
    slower = service.answer("break-even 7B on L4 vs gpt-4o-mini, 500 tokens", asker).data["break_even"]
    assert slower is None or slower["busy"] > after["busy"]


def test_a_button_under_an_estimate_on_hardware_asks_it_at_once(service, asker):
    estimate = service.answer("7B on RTX4090, 500 tokens, batch 4, 1000 req/h, $0.51/h", asker)
    typed = button_of(estimate, "Break-even…")
    assert typed == f"break-even {estimate.data['asked']}"
    assert "break_even" in service.answer(typed, asker).data
    assert button_of(service.answer("gpt-4o, 1k in 300 out", asker), "Break-even…") is None
    assert button_of(service.answer("compare 7B on L4 vs 13B on A100", asker), "Break-even…") is None


def test_it_is_kept_found_again_re_run_and_shared_like_other_answers(service, asker):
    first = service.answer(FULL, asker)
    assert "break-even llama-3.3-70b" in plain(service.answer("history llama", asker))
    again = service.answer("rerun 1", asker)
    assert "nothing changed" in plain(again)
    assert again.data["plans"] == first.data["plans"]
    assert service.answer("share 1", asker).audience == "channel"
    details = service.answer("details 1", asker)
    assert "Every rate of the chart" in plain(details)
    assert not check_message({"text": details.text, "blocks": list(details.blocks)})
    assert button_of(first, "Edit") is None


def test_spelled_out_it_asks_the_same_whatever_the_defaults_become(service, asker):
    found = service.answer("break-even llama-3.3-70b fp8 on 2xH100, 1k in 300 out, 2000 req/h, peak 3x", asker).data
    again = service.answer(found["spelled_out"], asker).data
    assert again["break_even"] == found["break_even"]
    assert again["plans"] == found["plans"]


def test_nothing_that_people_write_becomes_markup(service, asker):
    answer = service.answer("break-even meta-llama/Llama-3.3-70B-Instruct on 2xH100 vs gpt-4o, 1k in 300 out", asker)
    texts = [block["text"]["text"] for block in answer.blocks if block["type"] == "section"]
    assert not any("<!" in text or "<@" in text for text in texts)


WANTED = st.fixed_dictionaries(
    {},
    optional={
        "private_share": st.floats(0, 1),
        "budget_usd": st.decimals("0.01", 10**9, places=2),
        "redundancy": st.just("redundant"),
        "availability": st.sampled_from(["24/7", "business hours"]),
        "channel": st.sampled_from(["here", "C123"]),
    },
)
PEAKS = st.one_of(
    st.just({}),
    st.fixed_dictionaries({"peak_factor": st.floats(1, 1000)}, optional={"peak_hours": st.floats(0.01, 24)}),
)


@given(wanted=WANTED, peak=PEAKS, against=st.sampled_from([None, "gpt-4o", "llama-3.3-70b"]))
@settings(max_examples=200)
def test_every_question_reads_back_equal(wanted, peak, against):
    about = {"model_size": "7B", "hardware_type": "L4", "gpus": 2, "requests_per_hour": 1000.0, "input_tokens": 800}
    service = {"against": {"model_size": against, "deployment_mode": "api"}} if against else {}
    question = BreakEvenQuestion.make({"about": about, **service, **wanted, **peak})
    assert read(str(question)) == question
