"""The limit checker and slack_sdk's models say the same of the same blocks and views, but for the gaps on record."""

import json
import logging
import warnings

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block, BlockElement
from slack_sdk.models.views import View

from bot.limits.blocks import BLOCKS as CHECKED_BLOCKS
from bot.limits.elements import BUTTONS, CHOICES, INPUTS
from bot.limits.payloads import check_blocks, check_view
from tests.bench.processes import ROOT
from tests.bot.limits import sdk_gaps
from tests.bot.limits.sdk_corpus import CONTEXT_ACTIONS, ELEMENTS
from tests.bot.limits.sdk_corpus import INPUTS as DRAWN_INPUTS
from tests.bot.limits.sdk_corpus_blocks import BLOCKS, VIEWS
from tests.bot.limits.sdk_limits import LIMITS, plain

SOUND = {**BLOCKS, **ELEMENTS, **VIEWS}
GOLDENS = sorted((ROOT / "tests" / "bot" / "views" / "goldens").glob("*.json"))
VIEW_TYPES = ("modal", "home", "workflow_step", "window")
PARTS_OF_TEXT = {"text", "link", "emoji", "user", "usergroup", "channel", "broadcast", "color", "date"}
PARTS_OF_BLOCKS = {"rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote", "url"}
few = settings(max_examples=8, suppress_health_check=list(HealthCheck))
many = settings(max_examples=500, suppress_health_check=list(HealthCheck))


def held(kind, thing):
    """An element in a block that may hold it; anything else as it is."""
    if kind not in ELEMENTS:
        return thing
    if kind in DRAWN_INPUTS:
        return {"type": "input", "label": plain(1), "element": thing}
    holder = "context_actions" if kind in CONTEXT_ACTIONS else "context" if kind == "image element" else "actions"
    return {"type": holder, "elements": [thing]}


def refused_here(payload):
    if payload["type"] in VIEW_TYPES:
        return check_view(payload)
    return check_blocks([payload], "modal" if payload["type"] == "alert" else "message")


def through_the_sdk(payload):
    """What the models make of it, or None where they refuse it or have no class for it."""
    try:
        parsed = View(**payload) if payload["type"] in VIEW_TYPES else Block.parse(payload)
        if parsed is None:
            return None
        parsed.validate_json()
        return parsed.to_dict()
    except (SlackObjectFormationError, TypeError, AttributeError):  # the last two: a key that is not there
        return None


def assert_sound(payload):
    assert refused_here(payload) == []
    assert through_the_sdk(payload) == payload


def differing(kind, payload):
    """The limits on which the two differ when this payload goes past each in turn."""
    found = set()
    for what, change in LIMITS[kind].items():
        broken = held(kind, {key: value for key, value in {**payload, **change}.items() if value is not None})
        assert refused_here(broken), what
        if through_the_sdk(broken) is not None:
            found.add(what)
    return found


@pytest.mark.parametrize("kind", SOUND)
@few
@given(data=st.data())
def test_what_keeps_the_limits_is_accepted_by_both_and_comes_back_whole(kind, data):
    assert_sound(held(kind, data.draw(SOUND[kind])))


@pytest.mark.parametrize("kind", LIMITS)
@few
@given(data=st.data())
def test_what_passes_one_limit_is_refused_by_both_but_for_the_gaps_on_record(kind, data):
    assert differing(kind, data.draw(SOUND[kind])) == sdk_gaps.MISSED_BY_THE_SDK.get(kind, set())


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("kind", SOUND)
@many
@given(data=st.data())
def test_thousands_of_each_kind_are_judged_alike(kind, data):
    payload = data.draw(SOUND[kind])
    assert_sound(held(kind, payload))
    assert kind not in LIMITS or differing(kind, payload) == sdk_gaps.MISSED_BY_THE_SDK.get(kind, set())


@pytest.mark.parametrize(
    "payload", sdk_gaps.ONLY_REFUSED_BY_THE_SDK.values(), ids=list(sdk_gaps.ONLY_REFUSED_BY_THE_SDK)
)
def test_what_only_the_sdk_refuses_is_on_record(payload):
    assert refused_here(payload) == []
    assert through_the_sdk(payload) is None


@pytest.mark.parametrize("payload", sdk_gaps.ONLY_KNOWN_TO_THE_SDK.values(), ids=list(sdk_gaps.ONLY_KNOWN_TO_THE_SDK))
def test_what_only_the_sdk_knows_is_on_record(payload):
    assert "unsupported type" in refused_here(payload)[0]
    assert through_the_sdk(payload) is not None


@pytest.mark.parametrize("payload", sdk_gaps.WITHOUT_A_CLASS.values(), ids=list(sdk_gaps.WITHOUT_A_CLASS))
def test_blocks_without_a_class_are_dropped_by_the_sdk(payload):
    assert refused_here(payload) == []
    assert Block.parse(payload) is None
    assert View(type="home", blocks=[payload]).blocks == [None]


@pytest.mark.parametrize("key", sdk_gaps.LOST_BY_THE_SDK)
def test_the_keys_that_the_sdk_loses_are_on_record(key):
    payload = sdk_gaps.LOST_BY_THE_SDK[key]
    assert refused_here(payload) == []
    assert f'"{key}"' in json.dumps(payload)
    assert f'"{key}"' not in json.dumps(through_the_sdk(payload))


def test_every_kind_of_the_sdk_and_of_the_checker_is_in_the_corpus():
    drawn = {name.split(" ")[0] for name in {**BLOCKS, **ELEMENTS}}
    blocks = {kind.type for kind in Block.__subclasses__()}
    elements = {kind.type for kind in BlockElement._get_sub_block_elements()} - {"team"}
    assert blocks - drawn == {"call", "auth_provider"}
    assert elements - drawn == PARTS_OF_TEXT | PARTS_OF_BLOCKS
    assert set(CHECKED_BLOCKS) - drawn == set(sdk_gaps.WITHOUT_A_CLASS)
    assert {*BUTTONS, *CHOICES, *INPUTS} <= drawn


def test_every_gap_is_of_a_limit_in_the_corpus():
    unknown = {kind: gaps - set(LIMITS.get(kind, ())) for kind, gaps in sdk_gaps.MISSED_BY_THE_SDK.items()}
    assert {kind: gaps for kind, gaps in unknown.items() if gaps} == {}


@pytest.mark.parametrize("path", GOLDENS, ids=lambda path: path.stem)
def test_every_payload_on_record_comes_back_from_the_sdk_as_it_was(path):
    payload = json.loads(path.read_text(encoding="utf-8"))
    known = [block for block in payload["blocks"] if block["type"] not in sdk_gaps.WITHOUT_A_CLASS]
    assert [through_the_sdk(block) for block in known] == known
    if payload.get("type"):
        view = {**payload, "blocks": known}
        assert through_the_sdk(view) == view


def test_the_sdks_message_carries_the_blocks_as_they_are(caplog):
    with warnings.catch_warnings(), caplog.at_level(logging.ERROR):
        warnings.simplefilter("ignore")  # the class says on import that it is no longer maintained
        from slack_sdk.models.messages.message import Message
    blocks = json.loads(GOLDENS[0].read_text(encoding="utf-8"))["blocks"]
    sent = Message(text="x", blocks=[Block.parse(block) for block in blocks]).to_dict()
    assert sent == {"text": "x", "attachments": [], "blocks": blocks, "mrkdwn": True}
