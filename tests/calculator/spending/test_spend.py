"""Spend: however the time is cut, the same bill; what nobody saw follows the plan; what is paused costs nothing."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from calculator.spending.spend import CENT, Piece, Spend, Stretch, cents, pieces, spend
from calculator.spending.terms import Terms, repriced
from calculator.spending.usage import Usage, first_hour, hour_of, moment_of

START = datetime(2026, 11, 2, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WEEK = START + 7 * DAY


def kept(**changes: object) -> Terms:
    """$0.80 an hour, a dollar of busy time for 500 requests."""
    values = {
        "hosted": False,
        "name": "7B on 2x L4",
        "model": "llama-2-7b",
        "hardware": "l4",
        "gpus": 2,
        "input_tokens": 400,
        "output_tokens": 100,
        "usd_per_gpu_hour": Decimal("0.40"),
        "kept_usd_per_hour": Decimal("0.80"),
        "usd_per_input_token": Decimal("0.000001"),
        "usd_per_output_token": Decimal("0.000016"),
        "requests_per_hour": 100.0,
        "capacity_requests_per_hour": 400.0,
    }
    return Terms.model_validate(values | changes)


def hosted(**changes: object) -> Terms:
    """$2 per million prompt tokens, $8 per million output tokens: $0.0016 a planned request."""
    values = {
        "hosted": True,
        "name": "gpt",
        "model": "gpt",
        "input_tokens": 400,
        "output_tokens": 100,
        "kept_usd_per_hour": Decimal(0),
        "usd_per_input_token": Decimal("0.000002"),
        "usd_per_output_token": Decimal("0.000008"),
        "requests_per_hour": 100.0,
    }
    return Terms.model_validate(values | changes)


def plan(terms: Terms, since: datetime = START, *, running: bool = True, why: str = "tracked") -> Stretch:
    return Stretch(since=since, running=running, terms=terms, why=why)


def seen(hours: float, requests: float, **more: float) -> Usage:
    return Usage(hours=hours, requests=requests, **more)


def bill(
    stretches: list[Stretch],
    usage: Usage | dict[int, Usage] | None = None,
    start: datetime = START,
    end: datetime = WEEK,
) -> Spend:
    """The spend over a time; usage by the number of the piece, or of the only one."""
    cut = pieces(stretches, start, end)
    found = usage if isinstance(usage, dict) else {0: usage} if usage else {}
    return spend(cut, {cut[number].key: one for number, one in found.items()})


def raw(terms: Terms, hourly: dict[int, float], start: datetime, end: datetime) -> Decimal:
    """A bill in units so small that rounding to the cent hides nothing."""
    scale = {
        name: None if value is None else value * 10**12
        for name in ("kept_usd_per_hour", "usd_per_input_token", "usd_per_output_token")
        if (value := getattr(terms, name)) is not None
    }
    cut = pieces([plan(terms.model_copy(update=scale))], start, end)
    return spend(cut, {piece.key: usage_of(hourly, piece) for piece in cut}).cost_usd


def usage_of(hourly: dict[int, float], piece: Piece) -> Usage:
    """What the book would say of a piece."""
    return sum(
        (seen(1, hourly[hour]) for hour in range(first_hour(piece.start), first_hour(piece.end)) if hour in hourly),
        Usage(),
    )


def test_kept_hardware_costs_its_hours_whatever_it_does():
    for usage in (None, seen(168, 0), seen(168, 9_999), seen(3, 50)):
        found = bill([plan(kept())], usage)
        assert found.cost_usd == found.kept_usd == found.planned_usd == Decimal("134.40")
        assert found.hours == 168


def test_a_hosted_model_costs_what_was_used():
    assert bill([plan(hosted())], seen(168, 1000)).cost_usd == Decimal("1.60")
    counted = seen(168, 1000, input_tokens=100_000, output_tokens=50_000, requests_with_tokens=1000)
    assert bill([plan(hosted())], counted).cost_usd == Decimal("0.60")
    assert bill([plan(hosted())], seen(168, 0)).cost_usd == Decimal("0.00")


def test_where_nothing_was_seen_of_a_hosted_model_its_plan_stands_in():
    found = bill([plan(hosted())])
    assert found.cost_usd == found.planned_usd == Decimal("26.88")
    assert (found.busy_usd, found.utilization, found.kept_usd) == (None, None, Decimal("0.00"))


def test_where_a_part_was_seen_the_plan_stands_in_for_the_rest():
    found = bill([plan(hosted())], seen(100, 1000))
    assert found.cost_usd == Decimal("1.60") + Decimal("0.16") * 68
    assert found.busy_usd == Decimal("1.60")


def test_requests_whose_tokens_nobody_counted_have_the_planned_lengths():
    found = bill(
        [plan(hosted())], seen(168, 1000, input_tokens=100_000, output_tokens=50_000, requests_with_tokens=500)
    )
    assert found.cost_usd == Decimal("0.60") + Decimal("0.80")


def test_without_a_plan_only_what_was_seen_counts():
    free = hosted(requests_per_hour=None)
    assert bill([plan(free)]).cost_usd is None
    assert bill([plan(free)], seen(3, 1000)).cost_usd == Decimal("1.60")
    assert bill([plan(free)], seen(3, 0)).cost_usd == Decimal("0.00")


def test_a_new_price_an_hour_ago_leaves_no_week_of_a_hosted_model_unknown():
    """Nothing was seen under the new plan yet, and no load is planned."""
    free = hosted(requests_per_hour=None)
    late = [plan(free), plan(free, WEEK - 2 * HOUR, why="price")]
    assert bill(late, seen(166, 1000)).cost_usd == Decimal("1.60")
    assert bill(late).cost_usd is None


def test_while_it_is_paused_it_costs_nothing_whatever_is_said_of_it():
    """A typed rate goes on through a pause."""
    for terms in (kept(), hosted(), hosted(requests_per_hour=None)):
        course = [plan(terms), plan(terms, START + DAY, running=False), plan(terms, START + 2 * DAY)]
        for usage in ({}, {1: seen(24, 5000)}):
            paused = (
                bill(course, usage, START + DAY, START + 2 * DAY)
                if not usage
                else bill(course[1:2], {0: usage[1]}, START + DAY, START + 2 * DAY)
            )
            assert paused.cost_usd == paused.idle_usd == Decimal("0.00")
            assert (paused.hours, paused.busy_usd, paused.utilization, paused.usage) == (0, None, None, Usage())
        whole = bill(course, {0: seen(24, 1000), 1: seen(24, 5000), 2: seen(120, 1000)})
        assert whole.usage.requests == 2000
        assert whole.cost_usd == (Decimal("3.20") if terms.hosted else Decimal("0.80") * 144)
        assert whole.hours == 144


def test_a_paused_week_is_measured_against_its_whole_plan():
    found = bill([plan(kept()), plan(kept(), START + DAY, running=False)])
    assert (found.cost_usd, found.planned_usd) == (Decimal("19.20"), Decimal("134.40"))
    assert found.busy_planned_usd == Decimal("33.60")


def test_a_plan_that_changes_in_the_middle_has_its_part():
    twice = kept(kept_usd_per_hour=Decimal("1.60"))
    assert bill([plan(kept()), plan(twice, START + 2 * DAY)]).cost_usd == Decimal("0.80") * 48 + Decimal("1.60") * 120
    assert bill([plan(kept()), plan(hosted(), START + 6 * DAY)], {1: seen(24, 1000)}).cost_usd == Decimal(
        "115.20"
    ) + Decimal("1.60")


def test_a_new_price_counts_from_its_moment_to_the_second():
    course = [plan(kept()), plan(repriced(kept(), Decimal("0.74"), "aws"), START + timedelta(seconds=1), why="price")]
    assert bill(course, end=START + HOUR).cost_usd == Decimal("1.48")  # 1.48 x 3599 / 3600 and 0.80 / 3600


def test_before_it_was_tracked_there_is_nothing():
    found = bill([plan(kept(), WEEK)])
    assert found == spend([], {})
    assert (found.cost_usd, found.planned_usd, found.hours, found.busy_usd) == (
        Decimal("0.00"),
        Decimal("0.00"),
        0,
        None,
    )
    assert bill([plan(kept(), START + 6 * DAY)]).cost_usd == Decimal("19.20")


def test_without_a_price_the_bill_is_unknown_and_never_guessed():
    unknown = kept(kept_usd_per_hour=None, usd_per_input_token=None, usd_per_output_token=None)
    for usage in (None, seen(168, 10)):
        found = bill([plan(unknown)], usage)
        assert (found.cost_usd, found.kept_usd, found.busy_usd, found.usd_per_million_tokens) == (
            None,
            None,
            None,
            None,
        )
    assert bill([plan(kept()), plan(unknown, START + DAY)]).cost_usd is None
    assert bill([plan(hosted(usd_per_input_token=None))], seen(168, 10)).cost_usd is None


def test_busy_and_idle_tell_how_much_of_the_kept_hardware_was_used():
    found = bill([plan(kept())], seen(168, 168 * 100))
    assert found.utilization == 0.25
    assert found.idle_usd == Decimal("134.40") * 3 / 4
    assert found.busy_usd == found.busy_planned_usd == Decimal("33.60")
    half = bill([plan(kept())], seen(84, 84 * 100))
    assert (half.utilization, half.idle_usd) == (0.25, Decimal("50.40"))


def test_nothing_is_idle_of_which_nothing_is_known_and_overload_leaves_nothing():
    assert bill([plan(kept())]).idle_usd == Decimal("0.00")
    assert bill([plan(kept(capacity_requests_per_hour=None))], seen(168, 10)).idle_usd == Decimal("0.00")
    assert bill([plan(kept())], seen(1, 500), end=START + HOUR).idle_usd == Decimal("0.00")
    assert bill([plan(kept())], seen(1, 500), end=START + HOUR).utilization == 1.25


def test_business_hours_cost_their_share_of_every_calendar_hour():
    quarter = kept(kept_usd_per_hour=Decimal("0.20"), kept_share=0.25)
    found = bill([plan(quarter)], seen(168, 168 * 50))
    assert found.cost_usd == Decimal("33.60")
    assert found.utilization == 0.5
    assert found.busy_planned_usd == Decimal("8.40")


def test_a_million_tokens_cost_the_bill_of_the_hours_seen_over_their_tokens():
    assert bill([plan(kept())]).usd_per_million_tokens == Decimal(16)  # $0.80 for 100 x 500 tokens
    assert bill([plan(kept())], seen(84, 8400)).usd_per_million_tokens == Decimal(16)
    assert bill([plan(kept())], seen(84, 84_000)).usd_per_million_tokens == Decimal("1.6")
    assert bill([plan(hosted())]).usd_per_million_tokens == Decimal("3.2")
    assert (
        bill(
            [plan(hosted())], seen(3, 10, input_tokens=9_000, output_tokens=0, requests_with_tokens=10)
        ).usd_per_million_tokens
        == 2
    )
    assert bill([plan(kept())], seen(168, 0)).usd_per_million_tokens is None


@given(st.integers(0, 10**9).map(lambda number: Decimal(number) / 1000))
def test_what_is_shown_has_two_decimals_and_rounds_halves_up(value):
    assert str(cents(value)).partition(".")[2] in {f"{number:02}" for number in range(100)}
    assert abs(cents(value) - value) <= CENT / 2
    assert cents(value) > value or value * 1000 % 10 < 5


@given(st.floats(0, 1e6), st.floats(0, 1e9), st.floats(0, 168), st.booleans(), st.floats(0.001, 1e4))
@settings(max_examples=60)
def test_no_figure_that_is_shown_carries_a_remainder(requests, tokens, hours, of_hosted, rate):
    terms = hosted(requests_per_hour=rate) if of_hosted else kept(requests_per_hour=rate)
    usage = seen(hours, requests, input_tokens=tokens, output_tokens=tokens, requests_with_tokens=requests / 3)
    found = bill([plan(terms)], usage)
    for name in ("cost_usd", "planned_usd", "kept_usd", "busy_usd", "busy_planned_usd", "idle_usd"):
        assert getattr(found, name).as_tuple().exponent == -2, name


@given(
    cuts=st.lists(st.integers(0, 7 * 86_400 * 10**6), max_size=8),
    hourly=st.dictionaries(st.integers(0, 167), st.integers(0, 500), max_size=60),
    terms=st.sampled_from(
        [kept(), hosted(), hosted(requests_per_hour=7.3), kept(kept_usd_per_hour=Decimal("0.1234567"))]
    ),
)
@settings(max_examples=80)
def test_however_a_time_is_cut_its_parts_cost_what_it_costs(cuts, hourly, terms):
    known = {hour_of(START) + hour: float(requests) for hour, requests in hourly.items()}
    edges = sorted({START, WEEK, *(START + timedelta(microseconds=cut) for cut in cuts)})
    parts = sum(raw(terms, known, *edge) for edge in pairwise(edges))
    assert abs(parts - raw(terms, known, START, WEEK)) <= CENT * len(edges)  # of 10**12 times the bill


@given(
    since=st.lists(st.integers(0, 200), min_size=1, max_size=6), start=st.integers(0, 200), length=st.integers(1, 100)
)
def test_pieces_cover_the_time_since_the_first_plan_without_a_gap(since, start, length):
    stretches = [plan(kept(gpus=number + 1), START + hours * HOUR) for number, hours in enumerate(since)]
    begin, end = START + start * HOUR, START + (start + length) * HOUR
    cut = pieces(stretches, begin, end)
    covered = max(end - max(begin, min(stretch.since for stretch in stretches)), timedelta())
    assert sum((piece.end - piece.start for piece in cut), timedelta()) == covered
    assert all(one.end == following.start for one, following in pairwise(cut))
    assert sum(piece.begun for piece in cut) * HOUR == covered


def test_an_hour_belongs_to_the_time_in_which_it_begins():
    second = timedelta(seconds=1)
    assert first_hour(START) == hour_of(START)
    assert first_hour(START + second) == hour_of(START) + 1
    assert moment_of(first_hour(START - second)) == START
