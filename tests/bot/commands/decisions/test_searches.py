"""Searches of the whole catalog: two at once, equal ones once, and who waits is told."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.commands.decisions import searches
from bot.commands.decisions.searches import KEPT, Searches


@pytest.fixture(autouse=True)
def soon(monkeypatch):
    monkeypatch.setattr(searches, "PATIENT_S", 0.02)


def test_equal_searches_are_made_once_and_everyone_has_the_result():
    found, made, go = Searches(), [], threading.Event()

    def search():
        made.append(1)
        go.wait(5)
        return "this"

    with ThreadPoolExecutor(8) as pool:
        waiting = [pool.submit(found.find, "same", search, int) for _ in range(8)]
        go.set()
        assert [one.result() for one in waiting] == ["this"] * 8
    assert found.find("same", search, int) == "this"
    assert len(made) == 1


def test_two_run_at_once_and_whoever_waits_for_longer_is_told_once():
    found, running, most, told, go = Searches(), set(), [], [], threading.Event()

    def search(name):
        running.add(name)
        most.append(len(running))
        go.wait(5)
        running.discard(name)
        return name

    with ThreadPoolExecutor(6) as pool:
        results = [pool.submit(found.find, str(n), lambda n=n: search(n), lambda n=n: told.append(n)) for n in range(6)]
        while len(told) < 6:
            go.wait(0.01)
        go.set()
        assert [one.result() for one in results] == list(range(6))
    assert max(most) == 2
    assert sorted(told) == list(range(6))


def test_who_waits_for_an_equal_search_is_told_as_well():
    found, told, go = Searches(), threading.Event(), threading.Event()
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(found.find, "a", lambda: go.wait(5), int)
        while not found._found:
            go.wait(0.001)
        second = pool.submit(found.find, "a", int, told.set)
        assert told.wait(5)
        go.set()
        assert (first.result(), second.result()) == (True, True)


def test_what_fails_fails_for_all_who_wait_and_is_tried_anew_by_the_next():
    found = Searches()
    with pytest.raises(ZeroDivisionError):
        found.find("a", lambda: 1 / 0, int)
    assert found.find("a", lambda: 2, int) == 2


def test_what_is_remembered_grows_old_and_has_an_end(monkeypatch):
    found = Searches()
    assert found.find("a", lambda: 1, int) == 1
    monkeypatch.setattr(searches, "KEPT_S", 0)
    assert found.find("a", lambda: 2, int) == 2
    for number in range(KEPT * 2):
        found.find(str(number), lambda: 1, int)
    assert len(found._found) == KEPT
