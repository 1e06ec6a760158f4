"""The first minute of someone who is new: the welcome, each of its buttons, and what the samples lead to."""

import pytest

from bot.views.help.start import FIRST

WELCOME = "Five things to try"


@pytest.fixture
def ada(place):
    place.bot.welcome("#general")
    return place.person()


def press(ada, label: str, containing: str):
    """Press a button of the welcome and give what comes."""
    welcome = next(one for one in ada.messages() if WELCOME in one.words)
    ada.click(welcome, label)
    return ada.wait_for_message(containing=containing)


def test_the_welcome_offers_five_things_each_with_the_command_that_its_button_types(place, ada):
    welcome = place.person("ben").wait_for_message(containing=WELCOME)
    assert not welcome.is_ephemeral
    assert welcome.buttons == [one.label for one in FIRST]
    assert all(f"/inference {one.text}" in welcome.words for one in FIRST)


def test_each_button_of_the_welcome_answers_whoever_presses_it(place, ada):
    assert "Fits" in press(ada, "Estimate", "RTX 4090").words
    assert "Take B" in press(ada, "Compare", "Why B").words
    assert "meets everything" in press(ada, "Search", "Why A").words
    assert "3 sample deployments added" in press(ada, "Add samples", "sample data").words
    ada.click(next(one for one in ada.messages() if WELCOME in one.words), "Open the form")
    assert ada.wait_for_modal("Inference estimate")
    assert not any("Fits" in one.words for one in place.person("ben").messages())


def test_the_start_command_shows_the_same_to_the_asker_alone(place):
    ada = place.person()
    ada.type("/inference start")
    shown = ada.wait_for_message(containing=WELCOME)
    assert shown.is_ephemeral
    assert shown.buttons == [one.label for one in FIRST]


def test_samples_lead_to_a_summary_and_a_weekly_schedule_and_go_again(place, ada):
    added = press(ada, "Add samples", "3 sample deployments added")
    assert added.buttons == ["Cost summary", "Schedule it weekly…", "Remove the samples"]
    ada.click(added, "Cost summary")
    summary = ada.wait_for_message(containing="Model costs").words
    assert all(words in summary for words in ("support-bot-sample", "Idle", "Budgets for"))
    ada.click(added, "Schedule it weekly…")
    assert "sample=yes" in str(ada.wait_for_modal("Schedule a summary").values)
    assert ada.submit() == {}
    assert "every monday at 09:00" in ada.wait_for_message(containing="Schedule 1 is set").words
    ada.click(added, "Remove the samples")
    removed = ada.wait_for_message(containing="3 sample deployments removed")
    ada.click(removed, "Delete schedule 1")
    ada.wait_for_message(containing="is deleted")
    ada.type("/inference deployments")
    empty = ada.wait_for_message(containing="Nothing is tracked")
    ada.click(empty, "Add samples")
    assert "added" in ada.wait_for_message(containing="sample data").words


def test_samples_can_be_added_from_the_home_tab_and_stand_there(place):
    ada = place.person()
    ada.click(ada.home(), "Add samples")
    assert "added" in ada.wait_for_message("@app", containing="sample data").words
    place.client.wait_until(lambda screen: "support-bot-sample" in str(screen["home"]))
    ben = place.person("ben")
    ben.type("/inference deployments")
    assert "Nothing is tracked" in ben.wait_for_message(containing="tracked").words
