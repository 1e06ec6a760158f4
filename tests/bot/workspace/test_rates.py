"""Where it is enforced: each method has its tier, and a channel takes a burst, then about one message a second."""

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler

from bot.workspace.client import WorkspaceClient
from bot.workspace.rates import HUNDREDS, TIER_1, TIER_2, TIER_3, TIER_4
from bot.workspace.web_api import METHODS

GENERAL, COSTS = "C0GENERAL1", "C0LLMCOSTS"
MANY = 40
TIERS = {
    TIER_1: {"apps.connections.open"},
    TIER_2: {"conversations.list", "conversations.setTopic", "users.conversations", "users.list"},
    TIER_3: {
        "auth.revoke", "bots.info", "chat.delete", "chat.deleteScheduledMessage", "chat.scheduleMessage",
        "chat.scheduledMessages.list", "chat.update", "conversations.history", "conversations.info",
        "conversations.join", "conversations.leave", "conversations.open", "conversations.replies", "files.delete",
        "files.list", "team.info",
        "users.lookupByEmail",
    },
    TIER_4: {
        "api.test", "chat.postEphemeral", "conversations.members", "files.completeUploadExternal",
        "files.getUploadURLExternal", "files.info", "users.info", "users.profile.get", "views.open", "views.publish",
        "views.push", "views.update",
    },
    HUNDREDS: {"auth.test", "blocks.validate", "chat.getPermalink", "chat.postMessage"},
}  # fmt: skip


@pytest.fixture
def strict(start):
    return start(rate_limits=True)


def web_of(workspace, *handlers):
    return WebClient(token=workspace.bot_token, base_url=workspace.api_url, retry_handlers=list(handlers))


def posted(web, channel, count):
    """Post until refused; give how many came through and the refusal."""
    for number in range(count):
        try:
            web.chat_postMessage(channel=channel, text="x")
        except SlackApiError as refusal:
            return number, refusal.response
    return count, None


def test_after_a_burst_the_app_is_told_when_to_come_back(strict):
    came_through, refusal = posted(web_of(strict), GENERAL, MANY)
    assert 5 <= came_through < MANY
    assert refusal.status_code == 429
    assert refusal["error"] == "ratelimited"
    assert refusal.headers["Retry-After"] == "1"


def test_each_channel_counts_for_itself_under_all_its_names(strict):
    web = web_of(strict)
    posted(web, GENERAL, MANY)
    assert posted(web, COSTS, 3) == (3, None)
    assert posted(web, "#general", MANY)[0] <= 2


def test_a_moved_clock_gives_the_burst_back(strict):
    web = web_of(strict)
    posted(web, GENERAL, MANY)
    WorkspaceClient(strict.url).advance(60)
    assert posted(web, GENERAL, 5) == (5, None)


def test_an_app_that_waits_as_told_comes_through(strict):
    posted(web_of(strict), GENERAL, MANY)
    patient = web_of(strict, RateLimitErrorRetryHandler(max_retry_count=2))
    assert patient.chat_postMessage(channel=GENERAL, text="at last")["ok"]


def test_what_is_refused_is_not_posted(strict):
    came_through, _ = posted(web_of(strict), GENERAL, MANY)
    driver = WorkspaceClient(strict.url)
    assert len(driver.person().messages()) == came_through
    assert driver.exchanges("chat.postMessage")[-1]["status"] == "ratelimited"


def test_unless_asked_for_nothing_is_limited(start):
    assert posted(web_of(start()), GENERAL, 20) == (20, None)


def called(call, count, **arguments):
    """Call until refused; give how many came through and the refusal."""
    for number in range(count):
        try:
            call(**arguments)
        except SlackApiError as refusal:
            return number, refusal.response
    return count, None


def test_every_method_has_the_tier_that_slack_documents():
    by_tier = {tier: {name for name, method in METHODS.items() if method.tier == tier} for tier in TIERS}
    assert by_tier == TIERS
    assert sum(map(len, TIERS.values())) == len(METHODS)


def test_a_method_takes_a_minutes_calls_at_once_and_then_one_after_another(strict):
    web = web_of(strict)
    came_through, refusal = called(web.users_list, 60)
    assert 20 <= came_through < 60
    assert (refusal.status_code, refusal["error"]) == (429, "ratelimited")
    assert 1 <= int(refusal.headers["Retry-After"]) <= 3
    WorkspaceClient(strict.url).advance(3)
    assert called(web.users_list, 1) == (1, None)


def test_methods_do_not_share_their_limits(strict):
    web = web_of(strict)
    called(web.users_list, 60)
    assert web.conversations_list()["ok"]
    assert web.users_info(user="U0LOCALADA")["ok"]


def test_a_method_of_the_first_tier_tolerates_a_small_burst(strict):
    web = web_of(strict)
    came_through, refusal = called(web.apps_connections_open, 10, app_token=strict.app_token)
    assert came_through == 5
    assert 1 <= int(refusal.headers["Retry-After"]) <= 60
    WorkspaceClient(strict.url).advance(60)
    assert called(web.apps_connections_open, 1, app_token=strict.app_token) == (1, None)


def test_calls_without_a_right_token_count_for_nothing(strict):
    stranger = WebClient(token="xoxb-other", base_url=strict.api_url, retry_handlers=[])
    for _ in range(30):
        assert called(stranger.users_list, 1)[1]["error"] == "invalid_auth"
    assert called(web_of(strict).users_list, 10) == (10, None)
