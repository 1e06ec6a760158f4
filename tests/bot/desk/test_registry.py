"""The registry: one row for each command, which is loaded when it is asked for and not before."""

import ast
import json
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from bot.commands import command, commands, form_of, read, word_of
from bot.commands.decisions.ask_again import DECIDING
from bot.desk.command import Command
from bot.desk.form import Form
from bot.desk.registry import ENTRY_OF, FORMS, REGISTRY, SYNONYMS
from tests.bench.processes import ROOT
from tests.test_architecture import parsed

LOADED = """
import json, sys
from bot.__main__ import main
main(["ask", "--db", sys.argv[1], "7B on RTX4090, 500 tokens"])
print("LOADED", json.dumps(sorted(name for name in sys.modules if name.startswith("bot.commands."))))
"""
FILES = sorted((ROOT / "bot" / "commands").rglob("*.py"))


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT / "bot" / "commands").with_suffix("").parts)


def made(path: Path, kind: str) -> bool:
    """Whether a file makes a Command or a Form at its top."""
    tree = parsed(path)
    top = [node.value for node in tree.body if isinstance(node, ast.Assign)]
    calls = [node for value in top for node in ast.walk(value) if isinstance(node, ast.Call)]
    return any(isinstance(call.func, ast.Name) and call.func.id == kind for call in calls)


def test_every_word_of_the_registry_is_the_word_of_its_command():
    assert [one.word for one in commands()] == list(ENTRY_OF)
    assert all(command(one.word) is one for one in commands())


def test_every_command_that_a_file_makes_has_its_word_in_the_registry():
    makers = {module_of(path) for path in FILES if made(path, "Command")}
    assert makers == {entry.file for entry in REGISTRY}
    for name in makers:
        held = vars(import_module(f"bot.commands.{name}")).values()
        found = [one for value in held for one in (value if isinstance(value, tuple) else (value,))]
        words = [one.word for one in found if isinstance(one, Command)]
        assert sorted(words) == sorted(word for entry in REGISTRY if entry.file == name for word in entry.words)


def test_every_form_that_a_file_makes_is_named_by_the_registry_and_every_named_one_is_made():
    assert {module_of(path) for path in FILES if made(path, "Form")} == {entry.form for entry in FORMS.values()}
    assert all(isinstance(form_of(name), Form) for name in FORMS)


def test_every_modal_that_a_view_makes_is_the_form_of_a_command():
    views = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "bot" / "views").rglob("*.py"))
    named = set(re.findall(r"\bmodal\(\s*\"([a-z]+)\"", views))
    assert named
    assert named <= set(FORMS)
    assert {"estimate", "compare", "recommend", "whatif"} <= named


def test_the_questions_that_decide_are_those_that_the_registry_says_decide():
    assert {kind.word for kind in DECIDING} == {word for word, entry in ENTRY_OF.items() if entry.decides}


@pytest.mark.parametrize("entry", [entry for entry in REGISTRY if entry.opens_form], ids=lambda entry: entry.name)
def test_a_word_with_nothing_behind_it_opens_its_form(entry):
    assert str(read(entry.words[0])) == f"form {entry.name}"


@pytest.mark.parametrize("synonym", SYNONYMS)
def test_a_synonym_is_read_as_the_word_that_it_stands_for(synonym):
    assert word_of(f"{synonym} something") == word_of(SYNONYMS[synonym])


@pytest.mark.parametrize("word", [word for word in (*ENTRY_OF, *SYNONYMS) if word and " " not in word])
def test_a_word_is_one_that_can_be_typed(word):
    assert word_of(f"{word} something") == SYNONYMS.get(word, word).partition(" ")[0]


def test_no_word_and_no_synonym_stands_in_two_rows():
    words = [word for entry in REGISTRY for word in entry.words]
    assert len(words) == len(set(words))
    assert len(SYNONYMS) == sum(len(entry.synonyms) for entry in REGISTRY)
    assert not set(words) & set(SYNONYMS)


def test_nothing_else_in_the_program_lists_the_words_of_commands():
    """A collection of three words or more would be a second registry."""
    words = {word for word in (*ENTRY_OF, *FORMS) if word}
    lists = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sorted((ROOT / "bot").rglob("*.py"))
        if path.name != "registry.py" and "workspace" not in path.parts
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Set | ast.Tuple | ast.List | ast.Dict)
        for texts in [
            [
                one.value
                for one in (node.keys if isinstance(node, ast.Dict) else node.elts)
                if isinstance(one, ast.Constant)
            ]
        ]
        if len(texts) > 2 and all(isinstance(text, str) and text in words for text in texts)
    ]
    assert not lists


def test_an_estimate_loads_no_other_command(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", LOADED, str(tmp_path / "a.db")], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = set(json.loads(done.stdout.partition("LOADED ")[2]))
    assert "bot.commands.estimates.estimate" in loaded
    others = {name for entry in REGISTRY for name in (entry.file, entry.form) if name} - {"estimates.estimate"}
    assert not loaded & {f"bot.commands.{name}" for name in others}
