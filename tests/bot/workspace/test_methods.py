"""Methods that an ordinary app calls now and then: scheduled messages, topics, leaving, files, profiles."""

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.workspace.client import WorkspaceClient

GENERAL, COSTS = "C0GENERAL1", "C0LLMCOSTS"
PRIVATE, ARCHIVED, ELSEWHERE = "C0PRIVATE1", "C0ARCHIVED", "C0RANDOM01"
SCOPES = [
    "channels:manage",
    "channels:read",
    "chat:write",
    "chat:write.public",
    "files:read",
    "files:write",
    "im:write",
    "users.profile:read",
    "users:read.email",
]


def error_of(call, **arguments):
    with pytest.raises(SlackApiError) as caught:
        call(**arguments)
    return caught.value.response["error"]


@pytest.fixture
def own(start):
    return start({"display_information": {"name": "Own"}, "oauth_config": {"scopes": {"bot": SCOPES}}})


@pytest.fixture
def web(own):
    return WebClient(token=own.bot_token, base_url=own.api_url, retry_handlers=[])


@pytest.fixture
def driver(own):
    return WorkspaceClient(own.url)


@pytest.fixture
def now(own):
    return int(own.now().timestamp())


def texts(driver, channel="#general"):
    return [message.text for message in driver.person().messages(channel)]


def test_a_scheduled_message_is_listed_until_it_is_posted(web, driver, now):
    later = web.chat_scheduleMessage(channel=GENERAL, post_at=now + 600, text="later")["scheduled_message_id"]
    sooner = web.chat_scheduleMessage(channel=COSTS, post_at=now + 300, text="sooner")["scheduled_message_id"]
    listed = web.chat_scheduledMessages_list()["scheduled_messages"]
    assert [one["id"] for one in listed] == [sooner, later]
    assert listed[1]["channel_id"] == GENERAL
    assert (listed[1]["post_at"], listed[1]["text"]) == (now + 600, "later")
    assert [one["id"] for one in web.chat_scheduledMessages_list(channel=GENERAL)["scheduled_messages"]] == [later]
    assert [one["id"] for one in web.chat_scheduledMessages_list(latest=now + 400)["scheduled_messages"]] == [sooner]
    driver.advance(601)
    assert driver.person().wait_for_message(containing="later")
    assert web.chat_scheduledMessages_list()["scheduled_messages"] == []


def test_a_deleted_scheduled_message_is_not_posted(web, driver, now):
    doomed = web.chat_scheduleMessage(channel=GENERAL, post_at=now + 300, text="doomed")["scheduled_message_id"]
    web.chat_scheduleMessage(channel=GENERAL, post_at=now + 301, text="spared")
    assert web.chat_deleteScheduledMessage(channel=GENERAL, scheduled_message_id=doomed)["ok"]
    driver.advance(400)
    assert driver.person().wait_for_message(containing="spared")
    assert "doomed" not in texts(driver)


def test_a_scheduled_message_that_is_gone_elsewhere_or_almost_due_is_not_deleted(web, driver, now):
    entry = web.chat_scheduleMessage(channel=GENERAL, post_at=now + 100, text="x")["scheduled_message_id"]
    wrong = "invalid_scheduled_message_id"
    assert error_of(web.chat_deleteScheduledMessage, channel=GENERAL, scheduled_message_id="Q0") == wrong
    assert error_of(web.chat_deleteScheduledMessage, channel=COSTS, scheduled_message_id=entry) == wrong
    driver.advance(50)
    assert error_of(web.chat_deleteScheduledMessage, channel=GENERAL, scheduled_message_id=entry) == wrong


def test_no_five_minutes_of_a_channel_take_more_than_thirty_scheduled_messages(web, now):
    for second in range(30):
        web.chat_scheduleMessage(channel=GENERAL, post_at=now + 600 + second, text="x")
    assert error_of(web.chat_scheduleMessage, channel=GENERAL, post_at=now + 899, text="x") == "restricted_too_many"
    assert error_of(web.chat_scheduleMessage, channel=GENERAL, post_at=now + 400, text="x") == "restricted_too_many"
    assert web.chat_scheduleMessage(channel=GENERAL, post_at=now + 930, text="x")["ok"]
    assert web.chat_scheduleMessage(channel=COSTS, post_at=now + 610, text="x")["ok"]


def test_scheduled_messages_are_listed_of_a_channel_and_times_that_can_be(web, now):
    assert error_of(web.chat_scheduledMessages_list, channel="C0NOWHERE1") == "invalid_channel"
    assert error_of(web.chat_scheduledMessages_list, oldest=now, latest=now - 1) == "invalid_time_range"


def test_an_app_leaves_a_channel_but_not_the_general_one(web):
    assert web.conversations_leave(channel=COSTS)["ok"]
    assert web.conversations_info(channel=COSTS)["channel"]["is_member"] is False
    assert error_of(web.conversations_leave, channel=GENERAL) == "cant_leave_general"
    assert error_of(web.conversations_leave, channel=ARCHIVED) == "is_archived"
    with pytest.raises(SlackApiError) as caught:
        web.conversations_leave(channel=COSTS)
    assert caught.value.response.data == {"ok": False, "not_in_channel": True}


def test_direct_messages_are_not_left(web):
    channel = web.conversations_open(users="U0LOCALADA")["channel"]["id"]
    assert error_of(web.conversations_leave, channel=channel) == "method_not_supported_for_channel_type"


def test_a_topic_has_at_most_250_characters_and_needs_a_member_and_a_scope(web):
    channel = web.conversations_setTopic(channel=COSTS, topic="x" * 250)["channel"]
    assert channel["topic"]["value"] == "x" * 250
    assert error_of(web.conversations_setTopic, channel=COSTS, topic="x" * 251) == "too_long"
    assert error_of(web.conversations_setTopic, channel=ELSEWHERE, topic="x") == "not_in_channel"
    assert error_of(web.conversations_setTopic, channel=PRIVATE, topic="x") == "missing_scope"


def test_files_are_listed_newest_first_and_a_deleted_one_is_gone(web, driver):
    first = web.files_upload_v2(channel=GENERAL, content="1", filename="first.txt")["file"]["id"]
    second = web.files_upload_v2(channel=COSTS, content="2", filename="second.txt")["file"]["id"]
    listed = web.files_list()
    assert [one["id"] for one in listed["files"]] == [second, first]
    assert listed["paging"] == {"count": 100, "total": 2, "page": 1, "pages": 1}
    assert [one["id"] for one in web.files_list(channel=GENERAL)["files"]] == [first]
    assert [one["id"] for one in web.files_list(count=1, page=2)["files"]] == [first]
    assert web.files_delete(file=first)["ok"]
    assert error_of(web.files_info, file=first) == "file_not_found"
    assert error_of(web.files_delete, file=first) == "file_not_found"
    assert [one["id"] for one in web.files_list()["files"]] == [second]


def test_a_profile_is_that_of_someone_who_is_there(web):
    assert web.users_profile_get(user="U0LOCALADA")["profile"]["real_name"] == "Ada Admin"
    assert web.users_profile_get()["profile"]["real_name"] == "Own"
    assert error_of(web.users_profile_get, user="U0NOBODY01") == "user_not_found"


def test_no_one_is_found_by_an_address(web):
    assert error_of(web.users_lookupByEmail, email="ada@example.com") == "users_not_found"


def test_blocks_a_message_or_a_view_are_validated_one_at_a_time(web):
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "x"}}
    wrong = {"type": "section", "text": {"type": "mrkdwn", "text": ""}}
    modal = {"type": "modal", "title": {"type": "plain_text", "text": "t"}, "blocks": [section]}
    for sound in ({"blocks": [section]}, {"message": {"blocks": [section]}}, {"view": modal}):
        assert web.api_call("blocks.validate", json=sound)["ok"]
    for unsound, word in (
        ({"blocks": [wrong]}, "invalid_blocks"),
        ({"message": {"blocks": [wrong]}}, "invalid_message"),
        ({"view": {**modal, "blocks": [wrong]}}, "invalid_view"),
        ({}, "invalid_arguments"),
        ({"blocks": [section], "view": modal}, "invalid_arguments"),
    ):
        with pytest.raises(SlackApiError) as refused:
            web.api_call("blocks.validate", json=unsound)
        assert refused.value.response["error"] == word
