"""What the local workspace's page of documentation says is what the program says and does."""

import re

from bot.workspace.not_modelled import NOT_MODELLED
from tests.bench.processes import ROOT

DOC = (ROOT / "docs" / "workspace.md").read_text(encoding="utf-8")


def test_what_is_not_modelled_is_told_in_the_documentation_and_on_the_page(client):
    listed = DOC.partition("## What it does not model\n\n")[2].strip().splitlines()
    assert [line.removeprefix("- ") for line in listed] == list(NOT_MODELLED)
    assert client.call("about")["not_modelled"] == list(NOT_MODELLED)


def test_every_option_it_names_is_one_of_the_command_line():
    program = (ROOT / "bot" / "__main__.py").read_text(encoding="utf-8")
    options = set(re.findall(r"--[a-z][a-z-]+", DOC))
    assert options
    assert [one for one in options if f'"{one}"' not in program] == []
