"""What people type never leaves as markup: no mention, no link, whatever command echoes it, now or in a later list."""

import json
import re
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.access.people import Strangers
from bot.commands import commands
from bot.desk.asker import Asker
from bot.reply import Modal
from bot.service import Service
from tests.bot.conftest import NOON
from tests.bot.views.test_goldens import CONFIG
from tests.storage.fresh import fresh

OPTIONS = "compare 7B on L4 vs 13B on A100, 500 tokens"
ECHOED = (
    "{}", "7B on {}", "7B on L4 {}", "compare {} vs 13B on A100", "recommend chatbot {}", "track {}: 7B on L4 1000/h", "track bot: {}",
    "track bot: 7B on L4 1000/h, tags team={}", "track bot: 7B on L4 1000/h, tags {}=x", "deployment {}", "deployment bot {}",
    "deployment bot rename {}", "deployment bot tags a={}", "deployment bot tags {}", "deployment bot source {}", "deployment bot becomes {}",
    "deployment bot budget {}", "deployment bot compare {}", "deployments {}", "deployments of team={}", "usage {}", "usage bot {}",
    "usage bot\nhour,requests\n{},1", "usage bot\n{},requests\n2026-11-20T09:00Z,1", "summary of {}", "summary {}", "schedule {}", "schedule daily 09:00 of {}", "schedule 1 becomes {}", "schedule preview {}", "alerts quiet {}", "prices {}",
    "prices set H100 $2/h note {}", "prices set {} $2/h", "prices set H100 $2/h {}", "calibrate {}", "calibrate 7B on L4, 500 tokens, {}",
    f"model {{}} {CONFIG}", 'model {{"model_type": "{}"}}', "model our/{}", "model remove {}", "catalog models {}", "catalog gpus {}",
    "catalog prices {}", "accuracy gpu {}", "history {}", "help {}", f"scenario save {{}}: {OPTIONS}", f"scenario save s: {OPTIONS}; title {{}}",
    f"scenario save s: {OPTIONS}; about {{}}", f"scenario save s: {OPTIONS}; title {{}} yes", "scenario {}", "scenario remove {}", "what if {}",
    "what if 1: {}", "what if 1: {} on L4", "launch 1 {}", "break-even {}", "form track {}", "form deployment {}", "defaults {}",
)  # fmt: skip
"""Wherever someone's own words may stand."""
TAKES_IDS = (
    "deployment bot owner {}",
    "privacy erase {}",
    "channels only {}",
    "channels allow {}",
    "7B on L4 in {}",
    "schedule daily 09:00 in {}",
    "schedule daily 09:00 {}",
    "audit {}",
    "audit deployment {}",
)
"""Where a person or a channel may be named."""
BEFORE = (OPTIONS, "track bot: 7B on L4 1000/h", "schedule daily 09:00 UTC in <#C1>", f"scenario save s: {OPTIONS}")
AFTER = ("deployments", "deployment bot", "deployment bot audit", "summary", "alerts", "schedules", "schedule 1", "prices", "prices H100",
         "prices history", "calibrations", "model list", "scenarios", "scenario s", "scenario report", "history", "share 1", "audit", "privacy",
         "samples", "defaults", "channels")  # fmt: skip
"""Lists in which what was typed may stand later."""
IDS = ("<@U0EVIL>", "<@U0EVIL|ada>", "<#C0EVIL>", "<#C0EVIL|general>")
MARKUP = ("<!channel>", "<!here|here>", "<!everyone>", "<!subteam^S0EVIL>", "<http://evil.example|click>", "<https://evil.example>",
          "&lt;!channel&gt;", "&amp;lt;!channel&amp;gt;", "<", ">", "&", "&lt;", "<!", "!channel>", "a", "*", "`")  # fmt: skip
OURS = re.compile(r"<!date\^[0-9]+\^[^<>]*>|<@U1>|<#(?:C1|D0U1)>|<https://(?!evil)[^<>|]*(?:\|[^<>]*)?>")


class Admins(Strangers):
    def is_admin(self, user_id):
        return True


def texts(value: object) -> Iterator[str]:
    """Every text that Slack reads as markup."""
    if isinstance(value, dict):
        if value.get("type") == "mrkdwn":
            yield value["text"]
        value = list(value.values())
    for one in value if isinstance(value, list | tuple) else ():
        yield from texts(one)


def smuggled(payload, allowed: str = "") -> list[str]:
    """What stands between angle brackets and is not ours. A bare bracket is none, and nor is half of one."""
    found = [re.sub(OURS, "", text) for text in texts(payload)]
    return [
        one[:300]
        for one in found
        for tag in re.findall(r"<[^<>]*>?", one)
        if not (allowed and re.fullmatch(allowed, tag))
    ]


def leaving(reply) -> object:
    if isinstance(reply, Modal):
        return reply.view
    return [{"type": "mrkdwn", "text": reply.text}, *reply.blocks]


@pytest.fixture
def place(tmp_path):
    with fresh(tmp_path / "inference.db") as database:
        yield Service(database, lambda: NOON, people=Admins())


ASKER = Asker(team_id="T1", user_id="U1", channel_id="C1", channel_name="general")


ALONE = ASKER.model_copy(update={"channel_id": "D0U1", "private": True})


def check(place, text, allowed="", asker=ASKER):
    assert smuggled(leaving(place.reply(text, asker)), allowed) == [], text


@pytest.mark.parametrize("evil", [*MARKUP, *IDS])
def test_no_command_lets_markup_through_in_what_it_echoes_or_lists_later(place, evil):
    for text in BEFORE:
        place.reply(text, ASKER)
    for template in ECHOED:
        check(
            place,
            template.replace("{{", "{").replace("}}", "}").replace("{}", evil)
            if "{{" in template
            else template.replace("{}", evil),
        )
    for text in AFTER:
        check(place, text)
    assert smuggled(place.home(ASKER)) == []


@pytest.mark.parametrize("evil", MARKUP)
def test_where_a_person_or_a_channel_may_be_named_nothing_else_gets_through(place, evil):
    for text in BEFORE:
        place.reply(text, ASKER)
    for template in TAKES_IDS:
        for said in (evil, f"<#C0EVIL|{evil}>", f"<@U0EVIL|{evil}>"):
            check(place, template.replace("{}", said), allowed="<[@#][UC]0EVIL>", asker=ALONE)
            place.reply("channels any", ALONE), place.reply("channels allow all", ALONE)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from([*MARKUP, *IDS, " ", "bot", "H100"]), min_size=1, max_size=6).map("".join))
def test_every_command_of_the_registry_keeps_what_it_does_not_understand_literal(place, evil):
    for one in commands():
        if one.word not in {"privacy", "channels", "form"}:
            check(place, f"{one.word} {evil}", allowed="<[@#][UC]0EVIL>")


def test_what_is_found_here_would_be_found():
    assert smuggled(
        [{"type": "section", "text": {"type": "mrkdwn", "text": "see <!channel> and <http://evil.example|x>"}}]
    )
    assert smuggled(json.loads('{"type": "mrkdwn", "text": "<@U0EVIL>"}'))
    assert not smuggled(
        [{"type": "mrkdwn", "text": "<@U1> in <#C1>, &lt;!channel&gt;"}, {"type": "plain_text", "text": "<!channel>"}]
    )
