"""Usage from a CSV file: attached to the form, or to a mention."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.desk.attached import MOST_BYTES

COSTS = "#llm-costs"
HEADING = "hour,requests,input_tokens,output_tokens"


def lines(count: int) -> list[str]:
    """So many hours, up to the one before this."""
    first = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - timedelta(hours=count)
    return [
        HEADING,
        *(f"{first + timedelta(hours=n):%Y-%m-%dT%H}:00Z,{1000 + n % 24},800000,200000" for n in range(count)),
    ]


def usage(count: int) -> tuple[str, bytes]:
    return "usage.csv", "\n".join(lines(count)).encode()


@pytest.fixture
def ada(place):
    person = place.person()
    person.type("/inference track support-bot: 7B on 2xL4 cloud aws 1000/h", COSTS)
    person.wait_for_message(COSTS, containing="is tracked")
    return person


@pytest.fixture
def form(ada):
    ada.type("/inference form usage support-bot", COSTS)
    ada.wait_for_modal("Usage of support-bot")
    return ada


def test_two_thousand_hours_come_from_a_file(form):
    name, content = usage(2000)
    assert len(content) > 3000 * 20, "far more than an input of text holds"
    assert form.submit({"Or a CSV file": (name, content)}) == {}
    assert "2,000 hours of usage are kept" in form.wait_for_message(COSTS, containing="are kept").words
    form.type("/inference usage support-bot", COSTS)
    assert "Usage of support-bot" in form.wait_for_message(COSTS, containing="Usage of").words


@pytest.mark.parametrize("spoilt", ["2026-01-05T09:00Z,many,,", "yesterday,5,,", "2026-01-05T09:00Z,5"])
def test_a_wrong_line_is_named_and_nothing_is_kept(form, spoilt):
    good = lines(50)
    content = "\n".join([*good[:30], spoilt, *good[30:]]).encode()
    assert form.submit({"Or a CSV file": ("usage.csv", content)}) == {}
    words = form.wait_for_message(COSTS, containing="Line 31").words
    assert "Nothing was kept" in words
    assert good[3] not in words, "the file is not repeated"


def test_a_quote_left_open_is_told(form):
    content = f'{HEADING}\n"{"x" * 200_000}'.encode()
    assert form.submit({"Or a CSV file": ("usage.csv", content)}) == {}
    assert "quote left open" in form.wait_for_message(COSTS, containing="cannot be read").words


def test_a_file_that_is_too_large_is_refused_under_its_input(form):
    errors = form.submit({"Or a CSV file": ("usage.csv", b"x" * (MOST_BYTES + 1))})
    assert errors == {"file": "“usage.csv” is larger than 2 MiB. Attach it in parts."}
    assert form.submit({"Or a CSV file": usage(3)}) == {}
    assert "3 hours of usage" in form.wait_for_message(COSTS, containing="are kept").words


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"Or paste CSV": "\n".join(lines(3))}, "3 hours of usage are kept"),
        ({"Requests per hour": "1240/h"}, "1240 req/h from"),
    ],
)
def test_a_file_and_something_else_are_not_both_taken(form, more, said):
    assert "remove the file" in form.submit({"Or a CSV file": usage(3), **more})["file"]
    assert form.submit({"Or a CSV file": []}) == {}
    assert said in form.wait_for_message(COSTS, containing="support-bot").words


def test_a_download_that_fails_is_told_with_what_to_do(form, place):
    place.client.fault("download", "server_error")
    assert form.submit({"Or a CSV file": usage(3)}) == {}
    assert "Attach it again" in form.wait_for_message(COSTS, containing="could not be fetched").words


def test_a_file_attached_to_a_mention_is_read(ada):
    ada.mention("usage support-bot", COSTS, files=[usage(2000)])
    assert "2,000 hours of usage are kept" in ada.wait_for_message(COSTS, containing="are kept").words


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ([("chart.png", b"PNG")], "no CSV file"),
        ([usage(2), usage(3)], "one file at a time"),
    ],
)
def test_a_mention_with_another_kind_of_file_is_told(ada, files, said):
    ada.mention("usage support-bot", COSTS, files=files)
    assert said in ada.wait_for_message(COSTS, containing="file").words


def test_a_file_beside_any_other_question_is_not_fetched(ada, place):
    ada.mention("7B on RTX4090, 500 tokens", COSTS, files=[("chart.png", b"PNG")])
    ada.wait_for_message(COSTS, containing="Fits")
    assert place.client.exchanges("download") == []
