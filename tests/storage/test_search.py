import string

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from storage.comparison_index import parts
from storage.database import Database
from tests.storage.samples import NOON, Looker, asked

ANY_TEXT = st.text(st.characters(exclude_categories=()))  # with half surrogate pairs, which st.text() leaves out
OPERATORS = st.text(st.sampled_from('"*()+-^:{}, ORANDNEAT' + string.whitespace))
WITHIN_ONE_FILE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=200)


def found(comparisons, words):
    return [row.number for row in comparisons.search(Looker(), words).items]


@WITHIN_ONE_FILE
@given(ANY_TEXT | OPERATORS)
@example("llama-3.1-70b")
@example("-H100")
@example('"')
@example("*")
@example("OR")
@example("NEAR(")
@example("a AND")
@example("scope : u")
@example("\0")
@example('"\0"')
@example("\ud800")
@example("- llama")
@example("x " * 2000)
@example("(" * 3000)
def test_no_words_of_a_person_make_a_search_fail(comparisons, words):
    comparisons.search(Looker(), words)


@WITHIN_ONE_FILE
@given(st.text(), st.text())
def test_any_question_can_be_stored_found_deleted_and_leaves_the_index_whole(comparisons, database, first, second):
    stored = comparisons.add(asked(question=first, headline=second), NOON)
    assert comparisons.search(Looker(), limit=1).items == (stored,)
    comparisons.mark_shared("T1", stored.number, "C1", NOON)
    comparisons.delete("T1", stored.number, "U1", NOON)
    with database.transaction() as connection:
        connection.execute("INSERT INTO comparison_index (comparison_index) VALUES ('integrity-check')")


@pytest.mark.parametrize(
    "words",
    [
        "llama-3.1-70b",
        "LLAMA",
        "lla",
        "llama-3.1",
        "h100",
        "8xh100",
        "8xH10",
        "tokens 4000 70b",
        "vllm",
        "61 % of memory",
        "fits: memory",
        "- llama",
        "“llama”",
        "  llama\u00a0\u2003 vllm ",
    ],
)
def test_words_are_found_in_the_question_its_long_form_and_the_headline(comparisons, ask, words):
    ask()
    assert found(comparisons, words) == [1]


@pytest.mark.parametrize(
    "words", ["qwen", "llama qwen", "ama", "70b llama-3.2", "391", "U1", "T1", "***", "ll", "llama v"]
)
def test_what_is_not_there_is_not_found(comparisons, ask, words):
    ask()
    assert found(comparisons, words) == []


def test_only_the_last_word_may_be_a_beginning(comparisons, ask):
    ask()
    assert found(comparisons, "vllm lla") == [1]
    assert found(comparisons, "lla vllm") == []


def test_a_scope_cannot_be_searched_for(comparisons, ask):
    ask(user_id="U2")
    token = "u" + b"T1 U2".hex()
    for words in (token, f"scope:{token}", f'") OR scope:("{token}'):
        assert found(comparisons, words) == []


@pytest.mark.parametrize(("team", "user"), [("T1", "U2"), ("T2", "U1")])
def test_a_row_that_the_index_wrongly_offers_is_still_not_shown(comparisons, database, ask, team, user):
    ask(team_id=team, user_id=user)
    scope = "u" + b"T1 U1".hex()
    with database.transaction() as connection:
        connection.execute("INSERT INTO comparison_index (rowid, scope, words) VALUES (1, ?, 'llama')", (scope,))
    assert found(comparisons, "llama") == []


def test_accents_do_not_matter(comparisons, ask):
    ask(question="Größe für Zürich")
    assert found(comparisons, "zurich") == found(comparisons, "ZÜRICH") == [1]


def test_the_newest_come_first_in_pages_that_say_whether_there_is_more(comparisons, ask):
    for _ in range(25):
        ask()
    pages = [comparisons.search(Looker(), "llama", limit=10, offset=start) for start in (0, 10, 20, 30)]
    assert [[row.number for row in page.items] for page in pages] == [
        list(range(25, 15, -1)),
        list(range(15, 5, -1)),
        [5, 4, 3, 2, 1],
        [],
    ]
    assert [page.more for page in pages] == [True, True, False, False]


def test_a_full_last_page_has_no_more(comparisons, ask):
    for _ in range(10):
        ask()
    assert not comparisons.search(Looker(), limit=10).more


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("8xH100", "h100"),
        ("2xA100 vs 4xL40S, 4xl40s", "a100 l40s"),
        ("mixtral-8x7b", ""),
        ("max 8x 100x", ""),
        ("1024x1024", ""),
        ("H100", ""),
    ],
)
def test_a_name_behind_its_count_is_a_word_too(text, expected):
    assert parts(text) == expected


def test_a_search_walks_the_index_in_order_and_sorts_nothing(database: Database):
    from storage.comparisons import _SEARCH

    names = dict.fromkeys(("expression", "team_id", "user_id", "channel_id"), "x") | {"limit": 1, "offset": 0}
    with database.read() as connection:
        plan = [row["detail"] for row in connection.execute(f"EXPLAIN QUERY PLAN {_SEARCH}", names).fetchall()]
    assert plan[0].startswith("SCAN comparison_index VIRTUAL TABLE")
    assert not any("TEMP B-TREE" in line for line in plan)
