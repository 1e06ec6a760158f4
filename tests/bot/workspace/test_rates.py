"""How often an app may post: a burst of five, then about one a second and channel, where that is enforced."""

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler

from bot.workspace.client import WorkspaceClient

GENERAL, COSTS = "C0GENERAL1", "C0LLMCOSTS"
MANY = 40


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
