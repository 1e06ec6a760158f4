"""`model`: the team's own models, from their config.json: added, shown, listed and removed."""

import json
import re
from itertools import count

from bot.commands.team.model_question import ModelQuestion
from bot.desk.command import Command
from bot.desk.desk import Desk
from bot.desk.records import OwnModel
from bot.reply import Message
from bot.views.team.models import Page, added_view, ask_before_removing, list_view, removed_view, shown_view
from calculator.errors import QuestionError
from calculator.specs.model import ModelSpec
from calculator.team.own import PREFIX, no_such_model

PAGE = 8
LONGEST = 50
"""Characters of a name that is made from a config.json."""


def answer(question: ModelQuestion, desk: Desk) -> Message:
    """A model, all of them, or what became of a change."""
    if question.part == "add":
        return _add(question, desk)
    if question.part == "list":
        return _list(question, desk)
    if question.part == "restore":
        return _restore(question.name, desk)
    if not question.name:
        raise QuestionError("config", "Paste the config.json, or attach it.")
    found = _current(question.name, desk)
    return _remove(found, question, desk) if question.part == "remove" else shown_view(found, _spec(found))


def _add(question: ModelQuestion, desk: Desk) -> Message:
    """Kept under its name; what is there already is told."""
    spec = _understood(question.config, question.name)
    same = next((one for one in desk.own_models.current() if one.config == question.config), None)
    name = question.name or (same.name if same else _free_name(question.config, spec, desk))
    before = desk.own_models.get(name)
    there = bool(before and before.removed_at is None and before.config == question.config)
    kept = before if before and there else desk.own_models.add(name, question.config)
    return added_view(kept, _spec(kept), there=there)


def _free_name(config: str, spec: ModelSpec, desk: Desk) -> str:
    """A name from the file itself, with a number where it means another model; the same file finds its name again."""
    base = name_in(json.loads(config)) or f"{spec.family or 'model'}-{_billions(spec)}"
    slug = re.sub(r"[^a-z0-9.]+", "-", base.lower())[:LONGEST].strip("-.") or "model"
    for number in count(1):
        name = f"{PREFIX}{slug}{f'-{number}' if number > 1 else ''}"
        found = desk.own_models.get(name)
        if found is None or found.config == config:
            return name
    raise AssertionError("numbers end")


def name_in(config: dict[str, object]) -> str:
    """The last part of the path that a config.json was saved with; empty where it has none."""
    path = config.get("_name_or_path")
    return (
        next((part for part in reversed(re.split(r"[/\\]", path)) if re.search("[A-Za-z0-9]", part)), "")
        if isinstance(path, str)
        else ""
    )


def _billions(spec: ModelSpec) -> str:
    billions = spec.counts.total / 1e9
    return f"{billions:.0f}b" if billions >= 100 else f"{billions:.1f}b"


def _current(name: str, desk: Desk) -> OwnModel:
    found = next((one for one in desk.own_models.current() if one.name == name), None)
    if found is None:
        raise no_such_model(name, [one.name for one in desk.own_models.current()], "name")
    return found


def _spec(found: OwnModel) -> ModelSpec:
    return _understood(found.config, found.name)


def _understood(config: str, name: str) -> ModelSpec:
    from calculator.config_json.model import model_from_config  # noqa: PLC0415  # only this command pays for it

    return model_from_config(json.loads(config), name)


def _list(question: ModelQuestion, desk: Desk) -> Message:
    every = {spec.key: spec for spec in desk.own_models.specs()}
    found = desk.own_models.current()
    start = (question.page - 1) * PAGE
    shown = found[start : start + PAGE]
    if question.page > 1 and not shown:
        raise QuestionError("page", f"There is no page {question.page}. `model list` is the first.")
    turn = question.model_copy(update={"page": question.page + 1}) if len(found) > start + PAGE else None
    return list_view([(one, every.get(one.name)) for one in shown], Page(len(found), str(turn or ""), desk.command))


def _remove(found: OwnModel, question: ModelQuestion, desk: Desk) -> Message:
    """Removed, with a button to undo; asked back first where `yes` was not said."""
    if question.sure:
        return removed_view(desk.own_models.remove(found.name))
    word = re.compile(rf"{re.escape(found.name)}(?![\w/.-])")
    used = [one.name for one in desk.deployments.all("running", "paused") if word.search(one.spelled_out)]
    return ask_before_removing(found, used, desk.command)


def _restore(name: str, desk: Desk) -> Message:
    before = desk.own_models.get(name)
    if before is None:
        raise no_such_model(name, [one.name for one in desk.own_models.current()], "name")
    kept = desk.own_models.add(name, before.config) if before.removed_at else before
    return added_view(kept, _spec(kept), there=before.removed_at is None)


MODEL = Command(
    ModelQuestion,
    answer,
    "Your team's own models, from their config.json.",
    (
        "model",
        'model acme-13b {"model_type": "llama", "num_hidden_layers": 40}',
        "model list",
        "model our/acme-13b",
        "model remove our/acme-13b",
    ),
)
