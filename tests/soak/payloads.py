"""Slack's payloads, whole and damaged: fields missing, null, of another type, too long."""

import copy
import json
import random
from collections.abc import Iterator
from typing import Any

from bot.commands.estimates.estimate_question import EstimateQuestion
from bot.desk.registry import SHORTCUTS
from bot.views.kit.form import DESTINATIONS, ORDER
from tests.soak.mutation import Mutator

Json = dict[str, Any]
TEAM = {"id": "T0BENCH001", "domain": "bench"}
USER = {"id": "U0BENCH001", "username": "ada", "team_id": "T0BENCH001"}
CHANNEL = {"id": "C0BENCH001", "name": "general"}
MAY_MISS = {"channel_name", "container", "domain", "event_id", "message_ts", "name", "private_metadata", "response_url", "team",
            "text", "trigger_id", "username", "value"}  # fmt: skip
FREE_TEXT = {"text", "value"}
SELECTS = ("model_size", "hardware_type", "precision", "deployment_mode", "use_case")
WRONG: tuple[Any, ...] = (
    None,
    "",
    0,
    -1,
    True,
    2.5,
    [],
    ["x"],
    {},
    {"value": None},
    {"value": ["x"]},
    "x" * 5000,
    "\ud83d",
)


class PayloadMutator:
    """Draws views and payloads."""

    def __init__(self, seed: int, address: str = "") -> None:
        self.chance = random.Random(seed)
        self.texts = Mutator(seed)
        self._address = f"{address}/commands/1"
        self._examples = {phrase.field: phrase.quantity.example for phrase in EstimateQuestion.phrases()}
        self._kinds = (
            self._slash,
            self._button,
            self._suggestion,
            self._submission,
            self._mention,
            self._press_in_form,
            self._shortcut,
        )

    def view(self) -> Json:
        """A submitted form with up to three faults in its state."""
        view = self._estimate_view() if self.chance.random() < 0.8 else self._compare_view()
        for _ in range(self.chance.randrange(4)):
            self._damage(view["state"])
        return view

    def payload(self, faults: int = 3) -> Json:
        """A command, a button, a search, a form, a shortcut or a mention; fewer than `faults` of what Slack may leave out is missing."""
        payload = self.chance.choice(self._kinds)()
        for _ in range(self.chance.randrange(faults)):
            self._omit(payload)
        return payload

    def _omit(self, payload: Json) -> None:
        """Leave out or empty something that is not always there, or make a text long and odd."""
        holder, key = self.chance.choice([spot for spot in _spots(payload) if spot[1] in MAY_MISS])
        if self.chance.random() < 0.4:
            del holder[key]
        else:
            holder[key] = self.chance.choice(("", "x" * 5000, "\ud83d\x00", "&" * 3000)) if key in FREE_TEXT else None

    def _damage(self, thing: Json) -> None:
        spots = list(_spots(thing))
        if not spots:
            return
        holder, key = self.chance.choice(spots)
        if self.chance.random() < 0.5:
            del holder[key]
        else:
            holder[key] = copy.deepcopy(self.chance.choice(WRONG))

    def _typed(self, field: str) -> str:
        draw = self.chance.random()
        return self._examples[field] if draw < 0.6 else self.texts.text() if draw < 0.8 else ""

    def _estimate_view(self) -> Json:
        said = {name: self._typed(name) for name in ORDER if self.chance.random() < 0.5}
        values = {name: {name: _state(name, text)} for name, text in said.items()}
        values |= (
            {"model_size": {"model_size": _state("model_size", "llama-3.1-8b")}} if self.chance.random() < 0.7 else {}
        )
        values["more"] = {
            "more": {"type": "plain_text_input", "value": self.texts.text() if self.chance.random() < 0.3 else None}
        }
        return self._view("estimate", values)

    def _compare_view(self) -> Json:
        lines = "\n".join(self.texts.text() for _ in range(self.chance.randrange(5)))
        values = {"options": {"options": {"type": "plain_text_input", "value": lines}}}
        for one in (1, 3):
            values |= {
                f"{name}-{one}": {name: _state(name, self._typed(name))} for name in ("model_size", "hardware_type")
            }
            values[f"more-{one}"] = {"more": _state("more", self.texts.text())}
        subject = self.chance.choice(("3,1/4", "1/1", "", "x"))
        return self._view("compare", values) | {"private_metadata": json.dumps({"subject": subject})}

    def _view(self, callback: str, values: Json) -> Json:
        choice = {"value": self.chance.choice(list(DESTINATIONS))}
        values["destination"] = {"destination": {"type": "radio_buttons", "selected_option": choice}}
        values["channel"] = {"channel": {"type": "conversations_select", "selected_conversation": None}}
        blocks = [{"type": "input", "block_id": name, "element": {"action_id": name}} for name in values]
        return {
            "id": "V1",
            "type": "modal",
            "callback_id": callback,
            "blocks": blocks,
            "private_metadata": "{}",
            "state": {"values": values},
        }

    def _slash(self) -> Json:
        return {
            "command": "/inference",
            "text": self.texts.text(),
            "team_id": TEAM["id"],
            "channel_id": CHANNEL["id"],
            "channel_name": "general",
            "user_id": USER["id"],
            "response_url": self._address,
            "trigger_id": "1.1",
        }

    def _interaction(self, kind: str, **more: Any) -> Json:
        return {
            "type": kind,
            "team": {**TEAM},
            "user": {**USER},
            "channel": {**CHANNEL},
            "trigger_id": "1.1",
            "response_url": self._address,
            **more,
        }

    def _button(self) -> Json:
        action = {"type": "button", "action_id": "a", "block_id": "b", "value": self.texts.text()}
        container = {"type": "message", "message_ts": "1.1", "channel_id": CHANNEL["id"], "is_ephemeral": True}
        return self._interaction("block_actions", actions=[action], container=container)

    def _suggestion(self) -> Json:
        name = self.chance.choice(("model_size", "hardware_type"))
        return self._interaction("block_suggestion", action_id=name, block_id=name, value=self.texts.text())

    def _submission(self) -> Json:
        return self._interaction("view_submission", view=self.view())

    def _press_in_form(self) -> Json:
        typed = self.chance.choice(("add", "remove 1", "duplicate 3", "up 1", "down 3", self.texts.text()))
        action = {"type": "button", "action_id": "a", "block_id": "b", "value": typed}
        view = {**self._compare_view(), "hash": "1.1"}
        return self._interaction("block_actions", actions=[action], container={"type": "view"}, view=view)

    def _shortcut(self) -> Json:
        name = self.chance.choice(list(SHORTCUTS))
        if not name.endswith("message"):
            return self._interaction("shortcut", callback_id=name)
        message = {"type": "message", "text": self.texts.text(), "ts": "1.1", "user": USER["id"]}
        return self._interaction("message_action", callback_id=name, message=message, message_ts="1.1")

    def _mention(self) -> Json:
        event = {
            "type": "app_mention",
            "user": USER["id"],
            "text": f"<@U0BENCHBOT> {self.texts.text()}",
            "ts": "1.1",
            "channel": CHANNEL["id"],
        }
        return {
            "type": "event_callback",
            "team_id": TEAM["id"],
            "event_id": f"Ev{self.chance.random()}",
            "event": event,
        }


def _state(name: str, text: str) -> Json:
    if name in SELECTS:
        return {"type": "static_select", "selected_option": {"value": text} if text else None}
    return {"type": "plain_text_input", "value": text or None}


def _spots(thing: Any) -> Iterator[tuple[Any, Any]]:
    """Every place of a payload that could be damaged."""
    keys = list(thing) if isinstance(thing, dict) else range(len(thing)) if isinstance(thing, list) else ()
    for key in keys:
        yield thing, key
        yield from _spots(thing[key])
