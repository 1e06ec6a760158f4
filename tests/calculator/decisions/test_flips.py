"""The smallest change that flips an option: true when it is made."""

from hypothesis import given, settings
from hypothesis import strategies as st

from calculator.decisions.criteria import criteria_of
from calculator.decisions.decision import decide
from calculator.decisions.flips import Flipper
from calculator.prices.own_rates import price_for
from calculator.specs.requirements import Requirements
from tests.calculator.decisions.test_decision import option, service


def flips(options, **needs):
    required = Requirements(**needs)
    decision = decide(options, required)
    flipper = Flipper(required, price_for)
    return decision, {one.option.name: flipper.flip(one, decision.winner) for one in decision.ranked}


def test_too_slow_an_option_is_flipped_by_narrower_weights_before_anything_dearer():
    _, found = flips([option("A", gpu="h100-sxm", output_tokens=300, max_latency_s=1.6)])
    assert found["A"].change == "fp8 weights"


def test_too_large_a_batch_is_flipped_by_a_smaller_one():
    _, found = flips([option("A", input_tokens=8000, batch_size=200)])
    assert found["A"].change.startswith("batch ")


def test_a_model_too_large_for_the_card_is_flipped_by_more_cards_or_fewer_bits():
    _, found = flips([option("A", model="llama-3.1-70b")])
    assert found["A"].change in {"int4-awq weights", "tp 2 (2x H100 SXM5 80GB)"}


def test_an_overloaded_option_is_flipped_by_copies():
    _, found = flips([option("A", model="qwen3-0.6b", gpu="l4", requests_per_hour=400_000)])
    assert "replicas" in found["A"].change or "weights" in found["A"].change


def test_a_dearer_option_is_flipped_by_the_price_at_which_it_wins():
    decision, found = flips([option("A", 1), option("B", 4, model="llama-3.1-8b", gpu="h200-sxm")])
    assert decision.winner.option.name == "A"
    usd = float(found["B"].change.split("/h")[0].removeprefix("$"))
    assert usd <= 1
    again = decide([option("A", 1), option("B", usd, gpu="h200-sxm")], Requirements())
    assert again.winner.option.name == "B"


def test_what_exceeds_the_budget_is_flipped_by_a_price_or_a_change():
    _, found = flips([option("A", 5)], budget_usd=1000)
    assert "/h per card or less" in found["A"].change


def test_the_cloud_is_flipped_to_hardware_of_ones_own_where_nothing_may_leave():
    _, found = flips([option("A", 2)], offline=True)
    assert found["A"].change == "hardware of your own"


def test_a_service_has_nothing_to_change():
    _, found = flips([option("A", 1, max_latency_s=60), service(monthly=10_000)])
    assert found["S"] is None


def test_an_impossible_limit_is_flipped_by_nothing():
    _, found = flips([option("A", max_latency_s=0.0001)])
    assert found["A"] is None


@given(
    model=st.sampled_from(["llama-3.1-8b", "llama-3.1-70b", "qwen3-30b-a3b"]),
    gpu=st.sampled_from(["l4", "h100-sxm", "rtx-4090"]),
    limit=st.floats(0.2, 20),
    batch=st.integers(1, 64),
    usd=st.floats(0.1, 10),
    budget=st.sampled_from([None, 500.0, 3000.0]),
)
@settings(max_examples=40)
def test_a_changed_option_meets_everything_when_it_is_said_to(model, gpu, limit, batch, usd, budget):
    needs = Requirements(budget_usd=budget)
    judged = decide([option("A", usd, model=model, gpu=gpu, batch_size=batch, max_latency_s=limit)], needs).ranked[0]
    flipper = Flipper(needs, price_for)
    found = flipper.flip(judged, None)
    if judged.works or found is None:
        return
    [changed] = [made for words, made in flipper._changes(judged, judged.option.estimate) if words == found.change][:1]
    assert all(criterion.met is not False for criterion in criteria_of(changed, needs))
