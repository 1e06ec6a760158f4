"""Who changed what: every change and deletion is there, for admins alone."""

import json

import pytest

from bot.desk.asker import Asker
from bot.service import Service
from tests.bot.commands.admin.test_privacy import Known
from tests.bot.conftest import NOON
from tests.bot.views.test_goldens import CONFIG
from tests.storage.fresh import fresh

QUESTION = "7B on L4, 500 tokens"


@pytest.fixture
def service(tmp_path):
    with fresh(tmp_path / "inference.db") as database:
        yield Service(database, lambda: NOON, people=Known())


@pytest.fixture
def ada() -> Asker:
    return Asker(team_id="T1", user_id="U0ADA", channel_id="C1", channel_name="general")


@pytest.fixture
def ben(ada) -> Asker:
    return ada.model_copy(update={"user_id": "U0BEN"})


def lines(service, asker, text="audit"):
    return [(one["subject"], one["what"]) for one in service.reply(text, asker).data["changes"]]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ((QUESTION, "delete 1 yes"), ("answer 1", "deleted")),
        ((QUESTION, "delete 1 yes", "undelete 1"), ("answer 1", "restored")),
        (("samples", "samples remove"), ("samples", "removed")),
        (("prices set H100 $2/h", "prices remove 1 yes"), ("prices", "h100-sxm")),
        (
            ("calibrate 7B on L4, 500 tokens, batch 4, 60 tok/s", "calibrate remove 1 yes"),
            ("calibrations", "measurement 1: llama-2-7b on l4, 60 tok/s"),
        ),
        ((f"model acme-13b {CONFIG}", "model remove acme-13b yes"), ("models", "our/acme-13b")),
        (
            ("scenario save support: compare 7B on L4 vs 13B on A100, 500 tokens", "scenario remove support yes"),
            ("scenario 1", "support"),
        ),
        (("schedule daily 09:00 UTC in <#C1>", "schedule 1 delete"), ("schedule 1", "deleted")),
        (("track bot: 7B on L4 1000/h", "deployment bot retire yes"), ("deployment 1", "retired")),
        (("track bot: 7B on L4 1000/h", "usage bot 1240/h, 800 in, 200 out"), ("deployment 1", "usage")),
        (("channels allow <#C1>",), ("workspace", "channels")),
        (("channels only <#C1>",), ("workspace", "only channels")),
        (("privacy guests allow",), ("workspace", "guests")),
        (("privacy keep 90 days",), ("workspace", "keep answers")),
        (("alerts quiet 22:00-07:00 UTC",), ("workspace", "quiet hours")),
        (("privacy export",), ("privacy", "exported")),
    ],
)
def test_each_change_and_deletion_is_the_newest_line_of_the_audit(service, ada, asked, expected):
    for text in asked:
        assert "error" not in (service.reply(text, ada).data or {}), text
    assert lines(service, ada)[0] == expected


def test_only_admins_read_it(service, ben):
    assert "Only a workspace admin reads the audit" in service.reply("audit", ben).text


def test_it_is_filtered_by_person_and_by_subject_as_people_call_it(service, ada, ben):
    service.reply("track bot: 7B on L4 1000/h", ada), service.reply("track search: 7B on L4 1000/h", ben)
    service.reply("prices set H100 $2/h", ben)
    assert lines(service, ada, "audit <@U0BEN|ben>") == [("prices", "h100-sxm"), ("deployment 2", "tracked")]
    for text in ("audit bot", "audit deployment bot", "audit Deployment 1", "audit bot <@U0ADA>"):
        assert lines(service, ada, text) == [("deployment 1", "tracked")]
    assert lines(service, ada, "audit deployment") == [("deployment 2", "tracked"), ("deployment 1", "tracked")]
    assert lines(service, ada, "audit zebra") == lines(service, ada, "audit <@U0NOBODY>") == []


def test_it_has_pages_newest_first(service, ada):
    for cents in range(10, 28):
        service.reply(f"prices set H100 $2.{cents}/h", ada)
    first, second = (service.reply(text, ada) for text in ("audit prices", "audit prices page 2"))
    assert first.data["changes"][0]["after"].startswith("$2.27")
    assert [len(one.data["changes"]) for one in (first, second)] == [15, 3]
    assert "audit prices page 2" in json.dumps(first.blocks)
    assert "no page 3" in service.reply("audit prices page 3", ada).text


def test_what_is_private_elsewhere_is_listed_without_what_was_changed(service, ada, ben):
    alone = ben.model_copy(update={"channel_id": "D0BEN", "private": True})
    service.reply("track secret: 7B on 3xL4 1000/h", alone)
    service.reply("scenario save hush: compare 7B on 3xL4 vs 13B on A100, 500 tokens", alone)
    service.reply("schedule daily 03:00 UTC of secret", alone)
    shown = service.reply("audit", ada)
    text = json.dumps([shown.data, shown.text, list(shown.blocks)])
    assert [one["what"] for one in shown.data["changes"]] == ["something private"] * 3
    assert not [word for word in ("secret", "hush", "3xl4", "3xL4", "03:00") if word in text]
    assert lines(service, ada, "audit secret") == []


def test_another_workspaces_changes_are_never_shown(service, ada):
    service.reply("prices set H100 $2/h", ada.model_copy(update={"team_id": "T2"}))
    assert lines(service, ada) == []
