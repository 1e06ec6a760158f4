"""What a bot that posts by itself relies on: metadata looked up again, zones, Home, charts with a table, menus."""

from datetime import UTC, datetime

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.workspace.client import WorkspaceClient

GENERAL, RANDOM, PRIVATE, FOREIGN = "C0GENERAL1", "C0RANDOM01", "C0PRIVATE1", "C0PRIVATE2"
READER = {"oauth_config": {"scopes": {"bot": ["users:read"]}}}
DAYS = ["Mon", "Tue", "Wed"]
RUN = {"event_type": "summary_posted", "event_payload": {"schedule": 7, "due": "2026-11-30T08:00:00Z"}}


def with_scopes(start, *scopes):
    workspace = start({"oauth_config": {"scopes": {"bot": ["chat:write", "im:write", *scopes]}}})
    return workspace, WebClient(token=workspace.bot_token, base_url=workspace.api_url)


def error_of(call, **arguments):
    with pytest.raises(SlackApiError) as caught:
        call(**arguments)
    return caught.value.response["error"]


def chart(kind):
    if kind == "pie":
        return {"type": "pie", "segments": [{"label": "Used", "value": 61}, {"label": "Idle", "value": 39}]}
    data = [{"label": day, "value": value} for value, day in enumerate(DAYS)]
    return {"type": kind, "series": [{"name": "Spent", "data": data}], "axis_config": {"categories": DAYS}}


def cell(text):
    return {"type": "raw_text", "text": text}


TABLE = {"type": "table", "rows": [[cell("Deployment"), cell("Cost")], [cell("7B on L4"), cell("$96.00")]]}


def test_metadata_is_kept_and_given_back_on_request(web):
    ts = web.chat_postMessage(channel=GENERAL, text="summary", metadata=RUN)["ts"]
    bare, full = (
        web.conversations_history(channel=GENERAL, include_all_metadata=wanted, limit=1)["messages"][0]
        for wanted in (False, True)
    )
    assert (bare["ts"], full["ts"]) == (ts, ts)
    assert "metadata" not in bare
    assert full["metadata"] == RUN


def test_history_is_newest_first_and_begins_after_oldest(web):
    first, *later = [web.chat_postMessage(channel=GENERAL, text=f"number {number}")["ts"] for number in range(3)]
    found = web.conversations_history(channel=GENERAL, oldest=first)["messages"]
    assert [message["ts"] for message in found] == later[::-1]
    found = web.conversations_history(channel=GENERAL, oldest=first, inclusive=True)["messages"]
    assert found[-1]["ts"] == first


def test_history_begins_at_no_moment_that_is_none(web):
    assert error_of(web.conversations_history, channel=GENERAL, oldest="yesterday") == "invalid_ts_oldest"


def test_history_comes_in_pages(web):
    posted = [web.chat_postMessage(channel=GENERAL, text="x", metadata=RUN)["ts"] for _ in range(5)]
    history = web.conversations_history(channel=GENERAL, oldest=posted[0], inclusive=True, limit=2)
    pages = [([message["ts"] for message in page["messages"]], page["has_more"]) for page in history]
    newest = posted[::-1]
    assert pages == [(newest[:2], True), (newest[2:4], True), (newest[4:], False)]


@pytest.mark.parametrize(
    ("scope", "kind"), [("channels:history", "public"), ("groups:history", "private"), ("im:history", "im")]
)
def test_each_kind_of_channel_has_its_own_scope_to_read_it(start, scope, kind):
    _, web = with_scopes(start, scope)
    direct = web.conversations_open(users="U0LOCALADA")["channel"]["id"]
    for other, channel in {"public": GENERAL, "private": PRIVATE, "im": direct}.items():
        web.chat_postMessage(channel=channel, text="summary", metadata=RUN)
        if other == kind:
            found = web.conversations_history(channel=channel, include_all_metadata=True)["messages"]
            assert found[0]["metadata"] == RUN
        else:
            assert error_of(web.conversations_history, channel=channel) == "missing_scope"


def test_a_channel_that_the_app_is_not_in_cannot_be_read(start):
    _, web = with_scopes(start, "channels:history", "groups:history")
    assert error_of(web.conversations_history, channel=RANDOM) == "not_in_channel"
    assert error_of(web.conversations_history, channel=FOREIGN) == "channel_not_found"


def test_users_info_knows_the_zone_and_who_is_admin(start):
    workspace, web = with_scopes(start, "users:read")
    ada, ben, gia = (web.users_info(user=f"U0LOCAL{name}")["user"] for name in ("ADA", "BEN", "GIA"))
    assert (ada["is_admin"], ben["is_admin"], gia["is_restricted"]) == (True, False, True)
    assert (ada["tz"], ben["tz"], gia["tz"]) == ("America/New_York", "Europe/Berlin", "Asia/Kolkata")
    assert gia["tz_offset"] == 19_800
    people = {one["id"]: one["tz"] for one in WorkspaceClient(workspace.url).call("look")["screen"]["people"]}
    assert people["U0LOCALBEN"] == "Europe/Berlin"


def test_an_offset_follows_daylight_saving_as_the_clock_moves(start):
    workspace = start(READER, starts_at=datetime(2026, 10, 25, 0, 30, tzinfo=UTC))
    web = WebClient(token=workspace.bot_token, base_url=workspace.api_url)
    before = web.users_info(user="U0LOCALBEN")["user"]["tz_offset"]
    WorkspaceClient(workspace.url).advance(3600)
    assert (before, web.users_info(user="U0LOCALBEN")["user"]["tz_offset"]) == (7200, 3600)


def test_users_info_wants_its_scope(start):
    _, web = with_scopes(start)
    assert error_of(web.users_info, user="U0LOCALADA") == "missing_scope"


@pytest.mark.parametrize("kind", ["bar", "line", "area", "pie"])
def test_a_chart_stands_beside_a_table(web, ada, kind):
    blocks = [TABLE, {"type": "data_visualization", "title": "Spending", "chart": chart(kind)}]
    web.chat_postMessage(channel=GENERAL, text="summary", blocks=blocks, unfurl_links=False, unfurl_media=False)
    seen = ada.messages()[-1]
    assert "7B on L4" in seen.words
    assert "Spending" in seen.words
    assert [block["type"] for block in seen.blocks] == ["table", "data_visualization"]


def test_a_second_table_is_refused(web):
    with pytest.raises(SlackApiError) as caught:
        web.chat_postMessage(channel=GENERAL, text="summary", blocks=[TABLE, TABLE])
    assert "only_one_table_allowed" in caught.value.response["response_metadata"]["messages"][0]


def test_an_overflow_menu_tells_the_app_what_was_chosen(web, ada, parcels):
    options = [{"text": {"type": "plain_text", "text": name}, "value": name.lower()} for name in ("Pause", "Delete")]
    menu = {"type": "overflow", "action_id": "again", "options": options}
    block = {"type": "section", "text": {"type": "mrkdwn", "text": "Every Monday"}, "accessory": menu}
    web.chat_postMessage(channel=GENERAL, text="x", blocks=[block])
    ada.click(ada.messages()[-1], "again", "Delete")
    action = parcels.actions[-1]["actions"][0]
    assert action["selected_option"]["value"] == "delete"


def test_a_button_in_home_works(ada, parcels):
    home = ada.home()
    ada.click(home, "Again")
    body = parcels.actions[-1]
    assert body["container"] == {"type": "view", "view_id": home.body["id"]}
    assert body["view"]["type"] == "home"
    assert "response_url" not in body


def test_home_is_published_to_someone_who_does_not_look(web, ben):
    text = {"type": "mrkdwn", "text": "Your deployments"}
    web.views_publish(user_id="U0LOCALBEN", view={"type": "home", "blocks": [{"type": "section", "text": text}]})
    assert "Your deployments" in str(ben.screen()["home"]["blocks"])


@pytest.mark.parametrize("typed", ["/parcel 7B on L4\n13B on A100", "/parcel\n7B on L4\n13B on A100"])
def test_a_command_of_several_lines_arrives_with_its_newlines(ada, client, typed):
    ada.type(typed)
    payload = client.exchanges("/parcel")[-1]["request"]["payload"]
    assert payload["command"] == "/parcel"
    assert payload["text"] == "7B on L4\n13B on A100"


def test_a_message_of_several_lines_keeps_them(ada):
    ada.type("first\nsecond")
    assert ada.messages()[-1].text == "first\nsecond"
