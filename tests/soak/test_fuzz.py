"""The long form of the fuzz test: 100,000 inputs."""

import random

import pytest

from tests.soak import checks

pytestmark = [pytest.mark.soak, pytest.mark.timeout(3600)]


@pytest.fixture
def seed() -> int:
    drawn = random.randrange(1_000_000)
    print(f"seed {drawn}")  # noqa: T201  # pytest shows it with a failure
    return drawn


def test_seventy_thousand_mutated_questions_are_understood_or_refused_politely(seed):
    assert not checks.read_texts(seed, 70_000)


def test_twenty_five_thousand_damaged_forms_are_understood_or_refused_politely(seed):
    assert not checks.read_views(seed, 25_000)


def test_five_thousand_mutated_payloads_never_reach_the_error_listener(seed, tmp_path):
    assert not checks.dispatch_payloads(seed, 5_000, tmp_path)
