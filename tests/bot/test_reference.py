"""What the documentation says can be typed, set and read is what the program understands, takes and says."""

import re
from pathlib import Path

import pytest

from bot.commands import read
from bot.reference import COMMAND, PAGE, SAID, page
from bot.settings import Settings
from bot.views.kit import notice
from tests.bench.processes import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
PLACEHOLDERS = re.compile(r"…|\{|@bot|\b(NAME|QUESTION|FILE)\b")


def test_the_reference_is_current():
    assert PAGE.read_text(encoding="utf-8") == page(), "run `python -m bot.reference`"


@pytest.mark.parametrize("name", [name for name in Settings.model_fields if name != "prometheus_tokens"])
def test_every_setting_is_in_the_readme(name):
    assert f"`{name.upper()}`" in README


def test_every_sentence_of_refusal_is_in_the_reference():
    makers = [
        name
        for name, made in vars(notice).items()
        if callable(made) and getattr(made, "__module__", "") == notice.__name__ and not name.startswith("_")
    ]
    source = Path(page.__globals__["__file__"]).read_text(encoding="utf-8")
    assert SAID
    assert [name for name in makers if f".{name}(" not in source and name != "posted"] == []


def typed():
    """What the README's tables say can be typed, without what stands for something else."""
    tables = README.partition("## Ask")[2].partition("## What the numbers mean")[0]
    for row in re.findall(r"^\| (`.*?) \|", tables, re.MULTILINE):
        yield from (text for text in re.findall(r"`([^`]+)`", row) if not PLACEHOLDERS.search(text))


@pytest.mark.parametrize("text", [*typed()])
def test_everything_that_the_readme_says_can_be_typed_is_understood(text):
    as_slack_sends_it = re.sub(r"#([\w-]+)", r"<#C1|\1>", text.removeprefix(f"{COMMAND} "))
    read(as_slack_sends_it)
