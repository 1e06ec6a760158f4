"""The decision among options: the rule, and what must never change it."""

from hypothesis import given, settings
from hypothesis import strategies as st

from calculator.decisions.criteria import Option
from calculator.decisions.decision import decide
from calculator.estimates.estimate import estimate
from calculator.prices.hosted_cost import HostedCost
from calculator.specs.price import Price
from calculator.specs.requirements import Requirements
from tests.calculator.make import deployment, workload


def option(name="A", usd=1.0, *, model="llama-3.1-8b", gpu="h100-sxm", mode="cloud", tier=None, layout=None, **load):
    price = Price(usd_per_gpu_hour=usd, basis="stated", source="test", low=usd, high=usd)
    w = workload(**{"requests_per_hour": 100} | load)
    made = estimate(deployment(model, gpu, **(layout or {})), w, price, mode=mode)
    return Option(name=name, label=name, workload=w, estimate=made, tier=tier)


def service(name="S", monthly=100.0, **load):
    w = workload(**{"requests_per_hour": 100} | load)
    cost = HostedCost(
        provider="p",
        model_ref="m",
        cost_per_request=monthly / 72000,
        hourly_cost=monthly / 720,
        monthly_cost=monthly,
        usd_per_million_tokens=1,
        usd_per_mtok_input=1,
        usd_per_mtok_output=1,
        source="test",
    )
    return Option(name=name, label=name, workload=w, hosted=cost, tier="good")


def order(options, **needs):
    return [one.option.name for one in decide(options, Requirements(**needs)).ranked]


OPTIONS = st.lists(
    st.builds(
        option,
        usd=st.floats(0.1, 20),
        model=st.sampled_from(["llama-3.1-8b", "llama-3.1-70b", "qwen3-0.6b"]),
        gpu=st.sampled_from(["h100-sxm", "l4", "h200-sxm"]),
        mode=st.sampled_from(["cloud", "local"]),
        tier=st.sampled_from([None, "small", "good", "frontier"]),
        max_latency_s=st.just(4.0),
    ),
    min_size=1,
    max_size=6,
).map(lambda found: [one.model_copy(update={"name": str(place)}) for place, one in enumerate(found)])
NEEDS = st.builds(
    Requirements,
    quality=st.sampled_from([None, "medium", "very high"]),
    offline=st.booleans(),
    budget_usd=st.sampled_from([None, 900.0, 5000.0]),
    cost_sensitivity=st.sampled_from(["low", "medium", "high"]),
)


def test_the_cheapest_to_keep_that_meets_everything_wins():
    assert order([option("A", 3), option("B", 2), option("C", 1, gpu="l4", max_latency_s=0.5)])[0] == "B"


def test_costs_in_one_step_count_as_equal_and_the_lower_busy_time_decides():
    slow, fast = option("A", 2.0, gpu="l4"), option("B", 2.0)
    assert order([slow, fast]) == ["B", "A"]


def test_low_cost_sensitivity_takes_the_better_performance_among_near_costs():
    cheap, better = option("A", 2.0, gpu="l4", max_latency_s=20), option("B", 2.1, max_latency_s=20)
    assert order([cheap, better], cost_sensitivity="high") == ["A", "B"]
    assert order([cheap, better], cost_sensitivity="low") == ["B", "A"]


def test_what_does_not_fit_scores_nothing_and_never_wins():
    big = option("A", 0.1, model="llama-3.1-70b")
    found = decide([big, option("B", 9)], Requirements())
    assert [one.option.name for one in found.ranked] == ["B", "A"]
    assert big.score == 0
    assert found.ranked[1].binding.name == "memory"


def test_a_model_without_published_scores_is_unknown_and_not_excluded():
    found = decide([option("A"), option("B", tier="small")], Requirements(quality="high"))
    assert found.winner.option.name == "A"
    assert [one.name for one in found.winner.unknown] == ["quality"]
    assert found.ranked[1].binding.name == "quality"


def test_offline_excludes_the_cloud_and_services_alone():
    found = decide([option("A"), option("B", mode="local"), service()], Requirements(offline=True))
    assert next((one.option.name, one.works) for one in found.ranked) == ("B", True)
    assert sum(one.works for one in found.ranked) == 1


def test_a_service_competes_by_its_price():
    assert order([option("A", 1), service(monthly=100)]) == ["S", "A"]
    assert order([option("A", 1), service(monthly=10_000)]) == ["A", "S"]


def test_nothing_wins_where_nothing_meets_everything():
    found = decide([option("A", 5), option("B", 9)], Requirements(budget_usd=100))
    assert found.winner is None
    assert [one.option.name for one in found.ranked] == ["A", "B"], "the nearest miss first"
    assert found.ranked[0].binding.name == "budget"


def test_an_option_that_performs_better_for_more_would_win_if_cost_weighed_less():
    found = decide([option("A", 1, gpu="l4", max_latency_s=20), option("B", 4, max_latency_s=20)], Requirements())
    assert found.winner.option.name == "A"
    [rival] = found.rivals
    assert rival.name == "B"
    assert 0 < rival.cost_weight < 0.5
    assert found.pareto == ("A", "B")


@given(options=OPTIONS, needs=NEEDS, place=st.integers(0, 5))
def test_removing_a_losing_option_never_changes_the_order_of_the_others(options, needs, place):
    before = order(options, **needs.model_dump())
    if len(options) > 1:
        gone = before[1 + place % (len(before) - 1)]
        after = order([one for one in options if one.name != gone], **needs.model_dump())
        assert after == [name for name in before if name != gone]


@given(options=OPTIONS, needs=NEEDS)
def test_a_stricter_requirement_never_adds_an_option(options, needs):
    working = {one.option.name for one in decide(options, needs).ranked if one.works}
    for stricter in (
        {"quality": "very high"},
        {"offline": True},
        {"budget_usd": 800.0 if needs.budget_usd != 900 else 400.0},
    ):
        tight = needs.model_copy(update=stricter)
        assert {one.option.name for one in decide(options, tight).ranked if one.works} <= working


@given(usd=st.floats(0.1, 20), share=st.floats(0.1, 1), needs=NEEDS, others=OPTIONS)
def test_a_lower_price_never_worsens_an_option(usd, share, needs, others):
    dear, cheap = option("X", usd, max_latency_s=4.0), option("X", usd * share, max_latency_s=4.0)
    assert order([*others, cheap], **needs.model_dump()).index("X") <= order(
        [*others, dear], **needs.model_dump()
    ).index("X")


@given(
    factor=st.floats(1, 8),
    model=st.sampled_from(["llama-3.1-8b", "llama-3.1-70b"]),
    batch=st.integers(1, 64),
    needs=NEEDS,
    others=OPTIONS,
    better=st.sampled_from(["bandwidth_bytes_per_s", "memory"]),
)
@settings(max_examples=40)
def test_more_bandwidth_or_memory_never_worsens_an_option(factor, model, batch, needs, others, better):
    """An option that met everything still does, and one that did not is no further from it. With everything met it keeps its place."""
    plain = deployment(model, "h100-sxm")
    card = plain.gpu
    update = (
        {"memory_label_gb": card.memory_label_gb * factor, "reported_gib": card.reported_gib * factor}
        if better == "memory"
        else {better: getattr(card, better) * factor}
    )
    price = Price(usd_per_gpu_hour=2.0, basis="stated", source="test", low=2.0, high=2.0)
    w = workload(requests_per_hour=100, batch_size=batch, max_latency_s=4.0)
    before, after = (
        Option(name="X", label="X", workload=w, estimate=estimate(d, w, price, mode="cloud"))
        for d in (plain, plain.model_copy(update={"gpu": card.model_copy(update=update)}))
    )
    was, now = (
        next(one for one in decide([*others, x], needs).ranked if one.option.name == "X") for x in (before, after)
    )
    assert now.works >= was.works
    if was.works:
        assert order([*others, after], **needs.model_dump()).index("X") <= order(
            [*others, before], **needs.model_dump()
        ).index("X")
