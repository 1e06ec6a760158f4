"""Whatever is typed, entered or sent, the answer is an answer or says what to type instead. `make soak` runs more."""

import os
import random

import pytest
from hypothesis import HealthCheck, given, settings

from bot.commands import read
from tests.soak import checks
from tests.soak.questions import comparisons, estimates, others, running, tracked

COUNT = 2_000
SHARES = {"text": 0.6, "view": 0.3, "payload": 0.1}
MANY = settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)


@pytest.fixture
def seed() -> int:
    """A new one each time, printed when a test fails; always the same in CI, so that only a change turns it red."""
    drawn = 20261124 if os.environ.get("CI") else random.randrange(1_000_000)
    print(f"seed {drawn}")  # noqa: T201  # pytest shows it with a failure
    return drawn


def test_a_mutated_question_is_understood_or_refused_politely_and_reads_back_the_same(seed):
    assert not checks.read_texts(seed, round(COUNT * SHARES["text"]))


def test_a_damaged_form_is_understood_or_refused_politely(seed):
    assert not checks.read_views(seed, round(COUNT * SHARES["view"]))


def test_a_mutated_payload_never_reaches_the_error_listener(seed, tmp_path):
    assert not checks.dispatch_payloads(seed, round(COUNT * SHARES["payload"]), tmp_path)


@MANY
@given(estimates())
def test_an_estimate_reads_back_equal(question):
    assert read(str(question)) == question


@MANY
@given(comparisons())
def test_a_comparison_reads_back_equal(question):
    assert read(str(question)) == question


@MANY
@given(tracked())
def test_a_deployment_to_track_reads_back_equal(question):
    assert read(str(question)) == question


@MANY
@given(running())
def test_a_question_about_what_is_run_reads_back_equal(question):
    assert read(str(question)) == question


@MANY
@given(others())
def test_every_other_question_reads_back_equal(question):
    assert read(str(question)) == question
