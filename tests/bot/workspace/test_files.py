"""File inputs: what a person chooses is checked, sent as Slack sends it, and given to whoever may read it."""

import json
import urllib.error
import urllib.request

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.workspace.client import ClientError, OperationTimeoutError, WorkspaceClient
from tests.bot.workspace.conftest import MANIFEST, field, form
from tests.bot.workspace.test_refusals import link, trigger_of

CSV = ("usage.csv", b"a,b\n1,2\n")
NO_SCOPE = {"oauth_config": {"scopes": {"bot": ["commands"]}}, "features": MANIFEST["features"]}


def file_form(**more):
    element = {"type": "file_input", "action_id": "chosen", "filetypes": ["csv", "txt"], **more.pop("element", {})}
    return {**form("Files"), "blocks": [field("file", "Upload", element, **more)]}


@pytest.fixture
def place(start):
    return start(ack_timeout_s=0.05)


def opened(place, **more):
    """Someone who has the form open."""
    web = WebClient(token=place.bot_token, base_url=place.api_url)
    web.views_open(trigger_id=trigger_of(place)["trigger_id"], view=file_form(**more))
    return WorkspaceClient(place.url).person("ada")


def submitted(place, person, values):
    """What the app is told."""
    with link(place) as connection:
        with pytest.raises(OperationTimeoutError):
            person.submit(values)
        return json.loads(connection.recv())["payload"]["view"]["state"]["values"]["file"]["chosen"]


def get(url, token=None):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    opener = urllib.request.build_opener(_Staying)
    try:
        with opener.open(urllib.request.Request(url, headers=headers)) as response:
            return response.status, response.headers, response.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


class _Staying(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def test_a_chosen_file_is_submitted_as_slack_does_and_can_be_downloaded(place):
    ada = opened(place)
    state = submitted(place, ada, {"Upload": CSV})
    assert state["type"] == "file_input"
    [file] = state["files"]
    assert (file["name"], file["size"], file["filetype"], file["mimetype"]) == ("usage.csv", 8, "csv", "text/csv")
    assert (file["user"], file["mode"], file["is_external"]) == ("U0LOCALADA", "hosted", False)
    assert file["id"].startswith("F")
    assert get(file["url_private_download"], place.bot_token)[::2] == (200, CSV[1])


def test_a_name_with_odd_characters_is_kept_and_its_address_works(place):
    ada = opened(place)
    [file] = submitted(place, ada, {"Upload": ("../a b?#é.csv", b"x")})["files"]
    assert file["name"] == "a b?#é.csv"
    assert get(file["url_private_download"], place.bot_token)[0] == 200


def test_without_the_bots_token_one_is_sent_to_log_in(place):
    ada = opened(place)
    [file] = submitted(place, ada, {"Upload": CSV})["files"]
    for token in (None, "xoxb-other", place.app_token):
        status, headers, body = get(file["url_private_download"], token)
        assert status == 302
        assert "?redir=" in headers["Location"]
        assert CSV[1] not in body


def test_a_token_that_may_not_read_files_gets_the_page_to_log_in_at(start):
    place = start(NO_SCOPE)
    ada = WorkspaceClient(place.url).person("ada")
    ada.type("see this", files=[CSV])
    address = ada.messages()[-1].files[0]["url_private_download"]
    status, headers, body = get(address, place.bot_token)
    assert (status, headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert body.startswith(b"<!DOCTYPE html>")


def test_a_form_with_a_file_input_needs_the_scope(start):
    place = start(NO_SCOPE, ack_timeout_s=0.05)
    web = WebClient(token=place.bot_token, base_url=place.api_url)
    with pytest.raises(SlackApiError) as caught:
        web.views_open(trigger_id=trigger_of(place)["trigger_id"], view=file_form())
    assert (caught.value.response["error"], caught.value.response["needed"]) == ("missing_scope", "files:read")


def test_a_file_is_required_unless_it_is_optional(place):
    assert opened(place).submit() == {"file": "Please complete this required field."}
    assert submitted(place, opened(place, optional=True), {}) == {"type": "file_input", "files": []}


def test_what_was_chosen_can_be_removed_or_replaced(place):
    ada = opened(place, element={"max_files": 1})
    ada.fill({"Upload": CSV})
    ada.fill({"Upload": []})
    assert ada.modal().values["file"]["chosen"]["files"] == []
    ada.fill({"Upload": CSV})
    ada.fill({"file": ("other.txt", b"x")})
    assert [file["name"] for file in ada.modal().values["file"]["chosen"]["files"]] == ["other.txt"]


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        (("usage.xlsx", b"x"), "usage.xlsx is not a supported file type. Add one of these: csv, txt."),
        (("usage.csv", b"x" * (10 * 2**20 + 1)), "usage.csv is too large. Files can have 10 MB at most."),
        (("usage.csv", b""), "usage.csv is empty."),
        ([CSV, CSV, CSV], "You can add 2 files at most."),
    ],
)
def test_what_the_input_does_not_take_is_refused(place, chosen, said):
    ada = opened(place, element={"max_files": 2})
    with pytest.raises(ClientError, match=said):
        ada.fill({"Upload": chosen})
    assert ada.modal().values["file"]["chosen"]["files"] == []


def test_a_kept_file_is_named_by_its_id_and_only_by_its_owner(place):
    ada = opened(place, element={"max_files": 2})
    ada.fill({"Upload": CSV})
    modal = ada.modal()
    kept = modal.values["file"]["chosen"]["files"][0]["id"]
    driver = WorkspaceClient(place.url)
    where = {**modal.address, "block_id": "file", "action_id": "chosen"}
    answer = driver.call("act", **{"as": "ada"}, **where, value=[kept, {"name": "b.csv", "content": "eA=="}])
    assert [file["name"] for file in answer["state"]["files"]] == ["usage.csv", "b.csv"]
    with pytest.raises(ClientError, match="no file"):
        driver.call("act", **{"as": "ada"}, **where, value=["F0NOTHERE"])
    with pytest.raises(ClientError):
        driver.call("act", **{"as": "ada"}, **where, value=[{"name": "b.csv", "content": "no base64!"}])


def test_a_file_with_a_message_is_seen_and_told_to_the_app(ada, ben, client):
    ada.mention("here it is", files=[CSV])
    assert [file["name"] for message in ben.messages() for file in message.files] == ["usage.csv"]
    client.wait_for_exchange("app_mention")
    event = client.exchanges("app_mention")[-1]["request"]["payload"]["event"]
    assert event["upload"] is False
    assert event["files"][0]["url_private_download"].endswith("/usage.csv")
    assert "subtype" not in event


def test_a_slash_command_takes_no_file(ada):
    with pytest.raises(ClientError, match="files"):
        ada.type("/parcel x", files=[CSV])
