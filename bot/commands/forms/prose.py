"""What is understood of a message that was written to people: questions in the middle of other words."""

import re
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from typing import Any

from bot.commands.estimates.estimate_question import EstimateQuestion
from bot.language.cleaning import clean
from bot.language.grammar import longest
from bot.language.phrases import Phrase
from calculator.errors import QuestionError

SURE = ("model_size", "precision", "hardware_type", "gpus", "tokens", "input_tokens", "output_tokens", "batch_size", "requests_per_hour",
        "max_latency_seconds", "max_ttft_seconds", "usd_per_gpu_hour")  # fmt: skip
"""What is not said by accident, as `together` or `writing` are."""
TELLING = ("model_size", "hardware_type", "precision")
"""What begins another option where it is said anew, and differently."""
WORD = re.compile(r"[^\s,;?!()\[\]{}\"'*|]*[\s,;?!()\[\]{}\"'*|]*")
COLON = re.compile(r":(?=\s|$)")
Values = dict[str, Any]


def gleaned(text: str) -> list[str]:
    """The options that a text names, one or more, each as one would type it; none where it names no model and no hardware."""
    sides: list[Values] = [{}]
    for said in _said(COLON.sub(" ", clean(text))):
        if any(sides[-1].get(field, said[field]) != said[field] for field in TELLING if field in said):
            sides.append({})
        sides[-1] = said | sides[-1]
    named = any(side.get(field) for side in sides for field in ("model_size", "hardware_type"))
    return [words for side in sides if (words := _typed(side))] if named else []


def _typed(values: Values) -> str:
    if "hardware_type" not in values:
        values = {name: value for name, value in values.items() if name != "gpus"}
    try:
        return str(EstimateQuestion.make(values))
    except QuestionError:
        return ""


def _said(text: str) -> Iterator[Values]:
    """The fields that are said, in their order; other words, and values that cannot be, are passed over."""
    position = 0
    while position < len(text):
        if span := longest(text, position, _phrases()):
            with suppress(QuestionError):
                said = span.read()
                EstimateQuestion.make({"hardware_type": "any", **said})
                yield said
            position = span.end
        else:
            word = WORD.match(text, position)
            position = max(word.end() if word else 0, position + 1)


@cache
def _phrases() -> tuple[Phrase, ...]:
    return tuple(phrase for phrase in EstimateQuestion.phrases() if phrase.field in SURE)
