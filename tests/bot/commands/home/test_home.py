"""The Home tab: one's own answers to search and act on, defaults, what to try first, the status for admins; kept fresh."""

import json
import threading
import time

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot import __version__
from bot.desk.asker import Asker
from bot.limits.payloads import check_view
from bot.service import Service
from bot.slack.home_tabs import Homes, at_home
from bot.slack.listeners import look_of
from bot.views.home.answers import SEARCH
from bot.workspace.seen import SeenView
from tests.bench.processes import ROOT
from tests.bot.commands.team.test_defaults import BEN, Team
from tests.bot.conftest import NOON
from tests.storage.fresh import fresh

QUESTION = "7B on RTX4090, 500 tokens, batch 4, 1000 req/h"
ADA = Asker(team_id="T1", user_id="U1", channel_id="C1")


@pytest.fixture
def service(tmp_path):
    with fresh(tmp_path / "inference.db") as database:
        yield Service(database, lambda: NOON, people=Team())


def words(view):
    return json.dumps(view, ensure_ascii=False)


def home(service, asker, look=""):
    view = service.home(at_home(asker), look)
    assert check_view(view) == []
    return view


def test_someone_new_finds_what_to_try_first_with_its_buttons(service):
    view = home(service, BEN)
    assert view["blocks"][0]["text"]["text"] == "Try this first"
    assert "Your answers" not in words(view)
    service.answer(QUESTION, BEN)
    assert home(service, BEN)["blocks"][0]["text"]["text"] == "Your deployments"


def test_ones_own_answers_stand_there_wherever_they_were_asked_and_nobody_elses(service):
    service.answer(QUESTION, BEN.model_copy(update={"channel_id": "G1", "private": True}))
    service.answer("13B on A100, 700 tokens", ADA)
    service.shared(ADA, 2, "C1")
    view = words(home(service, BEN))
    assert "#1" in view
    assert "700 tokens" not in view
    assert "shared in <#C1>" in words(home(service, ADA))


def test_answers_are_searched_and_turned_in_place(service):
    for tokens in range(801, 808):
        service.answer(f"7B on RTX4090, {tokens} tokens", BEN)
    service.answer("13B on A100, 700 tokens", BEN)
    first, older = words(home(service, BEN)), words(home(service, BEN, " page 2"))
    assert ("700 tokens" in first, "801 tokens" in first) == (True, False)
    assert ("700 tokens" in older, "801 tokens" in older) == (False, True)
    found = home(service, BEN, "A100 page 1")
    assert "#8" in words(found)
    assert "#7" not in words(found)
    assert found["private_metadata"] == "A100 page 1"
    assert "No answer of yours holds" in words(home(service, BEN, "nothing page 1"))
    assert "#8" in words(home(service, BEN, " page 9"))


def test_what_is_looked_at_follows_from_what_was_pressed():
    view = {"private_metadata": "llama page 2"}
    assert look_of({"action_id": SEARCH, "value": "H100"}, view) == "H100 page 1"
    assert look_of({"action_id": SEARCH, "value": None}, view) == " page 1"
    assert look_of({"action_id": "home-older", "value": "llama page 3"}, view) == "llama page 3"
    assert look_of({"action_id": "more-1", "value": "show 1"}, view) == "llama page 2"


def test_an_admin_sees_how_the_bot_is_doing_and_nobody_else(service):
    service.answer("channels allow <#C7>", ADA)
    view = words(home(service, ADA))
    assert f"*Version* {__version__}" in view
    assert "*I post* in <#C7>" in view
    assert "Status" not in words(home(service, BEN))


def test_the_version_is_that_of_the_package():
    import tomllib

    package = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert package["project"]["version"] == __version__


def test_a_home_tab_with_everything_on_it_keeps_slacks_limits(service):
    for number in range(14):
        service.answer(f"track bot-{number}: 7B on 2xL4 cloud aws 1000/h, budget $1 a month, since 2026-11-01", ADA)
        service.answer("schedule every monday 09:00 UTC in here", ADA)
        service.answer(QUESTION, ADA)
    service.answer("samples", ADA)
    view = home(service, ADA, "RTX4090 page 2")
    assert len(view["blocks"]) <= 100
    assert len([block for block in view["blocks"] if block["type"] == "input"]) == 1


class Client(WebClient):
    """Remembers what was published, or refuses it."""

    def __init__(self, refuses: bool = False) -> None:
        super().__init__()
        self.published: list[str] = []
        self.refuses = refuses
        self.came = threading.Event()

    def views_publish(self, *, user_id, view, **_):
        self.published.append(words(view))
        self.came.set()
        if self.refuses:
            raise SlackApiError("no", {"error": "internal_error"})


@pytest.fixture
def homes(service):
    made = Homes(service, Client(), settle_s=0.01, pause_s=0.2)
    service.changed = made.touch
    yield made
    made.close()


def wait_for(seen, seconds=5.0):
    until = time.monotonic() + seconds
    while not seen() and time.monotonic() < until:
        time.sleep(0.01)
    assert seen()


def test_who_never_looked_at_their_home_tab_gets_none(service, homes):
    service.answer(QUESTION, BEN)
    wait_for(lambda: homes._none)
    service.answer(QUESTION, BEN)
    assert homes._client.published == []
    assert not homes._waiting


def test_many_changes_are_published_once_and_what_changed_nothing_not_at_all(service, homes):
    homes.come(BEN)
    for _ in range(5):
        service.answer(QUESTION, BEN)
    wait_for(lambda: "#5" in homes._client.published[-1])
    assert len(homes._client.published) <= 3
    count = len(homes._client.published)
    homes.touch(BEN)
    wait_for(lambda: not homes._waiting)
    time.sleep(0.1)
    assert len(homes._client.published) == count


def test_what_someone_searched_stays_searched_when_it_is_published_anew(service, homes):
    homes.come(BEN)
    homes.show(BEN, "A100 page 1")
    service.answer("13B on A100, 700 tokens", BEN)
    wait_for(lambda: "700 tokens" in homes._client.published[-1])
    assert "A100 page 1" in homes._client.published[-1]


def test_a_home_tab_that_cannot_be_published_fails_nothing(service):
    homes = Homes(service, Client(refuses=True), settle_s=0.01, pause_s=0.01)
    service.opened_home(BEN)
    homes.touch(BEN)
    wait_for(homes._client.came.is_set)
    homes._client.came.clear()
    homes.touch(BEN)
    wait_for(homes._client.came.is_set)
    homes.close()
    homes.touch(BEN)
    assert not homes._waiting


def seen(person) -> SeenView:
    """Their Home tab as it stands."""
    return SeenView(person.screen()["home"])


def test_in_slack_the_home_tab_shows_the_answer_just_asked_which_search_finds_and_whose_menu_works(place):
    place.bot._homes._pause_s = 0.2
    ada = place.person()
    ada.home()
    ada.type(f"/inference {QUESTION}")
    ada.wait_for_message(containing="Fits")
    place.client.wait_until(lambda screen: "*#1*" in words(screen["home"]))
    ada.type("/inference 13B on A100, 700 tokens")
    place.client.wait_until(lambda screen: "*#2*" in words(screen["home"]))
    ada.click(ada.home(), "home-search", "A100")
    place.client.wait_until(lambda screen: "*#1*" not in words(screen["home"]))
    ada.click(seen(ada), "more-2", "form share 2")
    ada.wait_for_modal("Share #2")
    assert ada.submit({"channel": "#llm-costs"}) == {}
    assert "A100" in place.person("ben").wait_for_message("#llm-costs", containing="700 tokens").words
    ada.click(seen(ada), "more-2", "form compare #2")
    ada.wait_for_modal("Compare")
    ada.close(everything=True)
    ada.click(seen(ada), "more-2", "delete 2")
    ada.click(ada.wait_for_message("@app", containing="Delete #2"), "Delete")
    place.client.wait_until(lambda screen: "No answer of yours holds" in words(screen["home"]))


def test_in_slack_the_form_of_defaults_changes_the_next_answer(place):
    place.bot._homes._pause_s = 0.2
    ada = place.person()
    ada.click(ada.home(), "Edit…")
    ada.wait_for_modal("Your defaults")
    assert "at most 744" in ada.submit({"hours": "900"})["hours"]
    assert ada.submit({"hours": "730"}) == {}
    ada.wait_for_message("@app", containing="Your defaults are kept")
    ada.type(f"/inference {QUESTION}")
    assert "730 hours a month: your default" in ada.wait_for_message(containing="Fits").words
    place.client.wait_until(lambda screen: "*730*" in words(screen["home"]))


def test_in_slack_an_admin_sees_the_status_and_someone_else_does_not(place):
    assert "Status, for admins" in words(place.person().home().words)
    assert "Status" not in words(place.person("ben").home().words)
