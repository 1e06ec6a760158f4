"""What was said in a workspace is there again in its next run, at the same address and time."""

import pytest
from slack_sdk import WebClient

from bot.workspace import Workspace
from bot.workspace.client import WorkspaceClient
from tests.bot.workspace.conftest import MANIFEST


@pytest.fixture
def file(tmp_path):
    return tmp_path / "inference.db.workspace"


def run(file):
    return Workspace(MANIFEST, keep_at=file)


def test_messages_files_tokens_and_the_moved_clock_are_there_again(file):
    with run(file) as first:
        assert not first.goes_on
        client = WorkspaceClient(first.url)
        client.person().type("for later", files=[("odd.bin", b"\xff\x00")])
        client.advance(86_400)
        then = first.now()
    with run(file) as second:
        assert second.goes_on
        assert second.url.rsplit("/", 2)[1] == first.url.rsplit("/", 2)[1]
        assert second.bot_token == first.bot_token
        assert second.now() >= then
        kept = WorkspaceClient(second.url).person().messages()[-1]
        assert (kept.text, kept.files[0]["name"]) == ("for later", "odd.bin")
        assert WebClient(token=first.bot_token, base_url=second.api_url).auth_test()["ok"]


def test_new_things_take_no_name_of_kept_ones(file):
    with run(file) as first:
        WorkspaceClient(first.url).person().type("one", files=[("a.txt", b"a")])
    with run(file) as second:
        ada = WorkspaceClient(second.url).person()
        ada.type("two", files=[("b.txt", b"b")])
        assert len({message.files[0]["id"] for message in ada.messages()}) == 2


def test_a_scheduled_message_comes_in_the_next_run(file):
    with run(file) as first:
        web = WebClient(token=first.bot_token, base_url=first.api_url)
        web.chat_scheduleMessage(channel="C0GENERAL1", text="later", post_at=int(first.now().timestamp()) + 3600)
    with run(file) as second:
        client = WorkspaceClient(second.url)
        client.advance(3600)
        client.person().wait_for_message(containing="later")


def test_only_its_owner_may_read_the_file(file):
    with run(file):
        pass
    assert file.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("content", [b"", b"{}", b"not json", b'{"tokens": {}}'])
def test_a_file_that_another_version_wrote_begins_anew(file, content):
    file.write_bytes(content)
    with run(file) as workspace:
        assert not workspace.goes_on
        WorkspaceClient(workspace.url).person().type("hello")


def test_without_a_file_nothing_is_kept(tmp_path):
    with Workspace(MANIFEST):
        pass
    assert list(tmp_path.iterdir()) == []
