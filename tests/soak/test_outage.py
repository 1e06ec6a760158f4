"""Slack fails for an hour, in each of its ways, while two hundred summaries are due: nothing is lost, nothing doubled."""

import gc
import tracemalloc
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.bot.background.clockwork import Clockwork, clockwork

CHANNELS = ("C0LLMCOSTS", "C0GENERAL1", "C0PRIVATE1")
KINDS = ("ratelimited", "server_error", "error", "timeout")
PATIENT_S = 10
"""So long that a busy machine is no time-out."""
MOST_GROWTH = 1_000_000
"""Bytes of Python objects, in the last third of a long outage."""


@dataclass
class Outage:
    """How large it is."""

    schedules: int
    step_s: float
    retry_after_s: int
    most_in_doubt: int
    """Summaries that an hour costs where the bot may not read channels."""


SHORT, LONG = Outage(16, 200, 600, 12), Outage(200, 20, 300, 20)


@pytest.fixture(params=[True, False], ids=["with history", "without"])
def place(request, tmp_path) -> Iterator[Clockwork]:
    with clockwork(tmp_path, history=request.param) as here:
        here.clock.poster.client.timeout = PATIENT_S
        yield here


def survive(place: Clockwork, kind: str, outage: Outage) -> None:
    """Everything fails from five to nine until five to ten."""
    for number in range(outage.schedules):
        place.schedule(f"daily 09:{number % 30:02} UTC", channel=CHANNELS[number % len(CHANNELS)])
    exchanges = place.workspace._hub.team.exchanges
    place.pass_(minutes=5)
    place.client.fault("*", kind, times=10**9, error="internal_error", seconds=0.06, retry_after=outage.retry_after_s)
    place.clock.poster.client.timeout = 0.05 if kind == "timeout" else PATIENT_S
    steps = round(3600 / outage.step_s)
    if outage is LONG:
        tracemalloc.start()  # which makes everything slow
    for step in range(steps):
        place.move(seconds=outage.step_s)
        if step == steps * 2 // 3 and outage is LONG:
            exchanges.clear()
            before = allocated()
    if outage is LONG:
        exchanges.clear()
        assert allocated() - before < MOST_GROWTH
        tracemalloc.stop()
    place.client.clear_faults()
    place.clock.poster.client.timeout = PATIENT_S
    for _ in range(60):
        place.move(minutes=1)
        if set(place.states()) <= {"sent", "unsettled"} and set(place.states("notice")) <= {"sent"}:
            break
    check(place, outage)


def allocated() -> int:
    gc.collect()
    return tracemalloc.get_traced_memory()[0]


def check(place: Clockwork, outage: Outage) -> None:
    """Every summary is there once, or its owner is told that it may not be."""
    posts = place.rows()
    found = Counter(name for channel in CHANNELS for name in place.names(channel))
    assert len(posts) == outage.schedules
    assert set(found.values()) == {1}
    sent = {post.name for post in posts if post.state == "sent"}
    doubtful = [post for post in posts if post.state == "unsettled"]
    assert set(found) == sent
    assert len(sent) + len(doubtful) == outage.schedules
    told = Counter(one.find("again")[1]["value"] for one in place.told())
    assert told == Counter(f"repost {post.id}" for post in doubtful)
    assert not doubtful or "conversations.history" not in {
        one["name"] for one in place.requests("conversations.history") if one["status"] == "ok"
    }
    assert len(doubtful) <= outage.most_in_doubt


@pytest.mark.parametrize("kind", KINDS)
def test_an_outage_loses_and_doubles_nothing(place, kind):
    survive(place, kind, SHORT)


@pytest.mark.soak
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("kind", KINDS)
def test_an_outage_over_two_hundred_summaries_loses_and_doubles_nothing(place, kind):
    survive(place, kind, LONG)
