import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.comparison_records import Comparison
from storage.exports import COLUMNS, to_csv, to_json
from tests.storage.samples import NOON, asked


def stored(**changes):
    return Comparison(**asked(**changes).model_dump(), id=9, number=7, created_at=NOON)


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text, newline="")))


def unguarded(text):
    return text.removeprefix("'")


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-H100",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "=HYPERLINK(“x”)",
        "\uff1d1",
        "'=1",
        '=cmd|"/C calc"!A0',
    ],
)
def test_a_text_that_a_spreadsheet_might_run_is_made_harmless(text):
    [row] = rows_of(to_csv([stored(question=text, headline=text, channel_name=text)]))
    assert row["question"] == row["headline"] == row["channel_name"] == f"'{text}"


def test_a_plain_text_stays_as_it_is():
    [row] = rows_of(to_csv([stored(question='8x "H100", or\nmore')]))
    assert row["question"] == '8x "H100", or\nmore'
    assert (row["number"], row["created_at"], row["shared_at"]) == ("7", "2026-08-03T12:00:00Z", "")


@given(st.text(), st.text())
def test_every_text_comes_back_from_csv(question, headline):
    [row] = rows_of(to_csv([stored(question=question, headline=headline)]))
    assert (unguarded(row["question"]), unguarded(row["headline"])) == (question, headline)


def test_no_rows_make_a_file_with_a_header_only():
    assert to_csv([]) == ",".join(f'"{name}"' for name in COLUMNS) + "\r\n"
    assert json.loads(to_json([])) == []


@given(st.text(), st.text(), st.dictionaries(st.text(), st.floats(allow_nan=False, allow_infinity=False)))
def test_every_record_comes_back_from_json_with_unrounded_figures(question, headline, results):
    [row] = json.loads(to_json([stored(question=question, headline=headline, results=json.dumps(results))]))
    assert row["results"] == results
    back = Comparison.model_validate(
        {**row, "results": json.dumps(row["results"]), "team_id": "T1", "user_id": "U1", "id": 9}
    )
    assert back == stored(question=question, headline=headline, results=json.dumps(results))


def test_an_export_names_no_other_persons_ids():
    assert not {"team_id", "user_id", "id", "deleted_at"} & set(COLUMNS)
