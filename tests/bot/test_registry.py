"""The registry: every command under its words, loaded when it is asked for and not before."""

import json
import subprocess
import sys

from bot.commands import FILE_OF, OPEN_A_FORM, command, commands, read
from bot.commands.forms.form import OPENED
from tests.bench.processes import ROOT

LOADED = """
import json, sys
from bot.__main__ import main
main(["ask", "--db", sys.argv[1], "7B on RTX4090, 500 tokens"])
print("LOADED", json.dumps(sorted(name for name in sys.modules if name.startswith("bot.commands."))))
"""


def test_every_word_of_the_registry_is_the_word_of_its_command():
    assert [one.word for one in commands()] == list(FILE_OF)
    assert all(command(one.word) is one for one in commands())


def test_the_words_that_open_a_form_have_one():
    assert set(OPEN_A_FORM) == set(OPENED) - {"deployment", "usage", "defaults", "share"}
    assert all(read(word).word == "form" for word in OPEN_A_FORM if word != "whatif")


def test_an_estimate_loads_no_other_command(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", LOADED, str(tmp_path / "a.db")], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = set(json.loads(done.stdout.partition("LOADED ")[2]))
    assert "bot.commands.estimates.estimate" in loaded
    others = (
        "tracking.track", "tracking.summary", "forms.form", "team.prices", "team.calibrate", "decisions.recommend",
        "scenarios.scenario", "help.help",
    )  # fmt: skip
    assert not loaded & {f"bot.commands.{name}" for name in others}
