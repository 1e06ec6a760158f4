"""Names from the catalog inside a sentence: the longest run of words that names a model or an accelerator."""

import re
from functools import cached_property
from typing import Any

from bot.language.phrases import Phrase, Span
from bot.language.quantities import Quantity, choice, squeeze
from calculator.catalog import accelerator_aliases, engine, engine_keys, find_gpu, find_model, model_aliases
from calculator.catalog.price_book import providers, regions
from calculator.specs.precision import PRECISION_WORDS
from calculator.team.own import OWN_NAME

MOST_WORDS = 7
MOST_LETTERS = 100
"""More than twice as many as the longest name has."""
BOUNDARY = re.compile(r"(?=[\s,;?!()\[\]\"']|$)|\.(?=\s|$)")
SIZE = re.compile(r"\d+(?:\.\d+)?\s?b(?![a-z0-9])(?!\s?/)", re.IGNORECASE)
COUNT_BEFORE = re.compile(
    r"(?P<count>[-+]?\d+(?:_\d+)*)\s*(?:x\s*|[*]\s*|\s)(?:(?:nvidia|amd|geforce)\s+)?", re.IGNORECASE
)
COUNT_AFTER = re.compile(r"\s*\(?(?:x|[*])\s*(?P<count>\d+)\)?(?![a-z0-9])", re.IGNORECASE)


def precisions() -> Quantity:
    """Every weight precision, as people write it."""
    return choice("a precision", PRECISION_WORDS)


class Named(Phrase):
    """A field that holds a name of the catalog, in the person's own words, or of a model of the team's own."""

    aliases = staticmethod(model_aliases)
    own = OWN_NAME

    def __init__(self, what: str, example: str, *, names: tuple[str, ...], form: str = "{}", joint: str = " ") -> None:
        super().__init__(Quantity(what, "", self._checked, str, example), form, names=names, joint=joint)

    def _checked(self, words: str) -> str:
        if self.own.fullmatch(words):
            return words.lower()
        self._find(words)
        return words

    def _find(self, words: str) -> object:
        return find_model(words)

    @cached_property
    def _label(self) -> re.Pattern[str]:
        words = "|".join(name.replace("_", r"[\s_-]?") for name in (self.field, *self.names))
        return re.compile(rf"(?:{words})(?:\s*[=:]\s*|\s+)", re.IGNORECASE)

    def read_at(self, text: str, start: int) -> Span | None:
        """The longest run of words from `start` that the catalog knows by name."""
        label = self._label.match(text, start)
        begin = label.end() if label else start
        own = self.own.match(text, begin)
        end = own.end() if own else self._end(text, begin)
        return None if end is None else Span(end, lambda: {self.field: self._checked(text[begin:end])})

    def _end(self, text: str, start: int) -> int | None:
        """Where the longest name that starts here ends; a precision glued to it (`-awq`) stays outside."""
        known, best, words = self.aliases(), None, 0
        if not text[start : start + 1].isalnum():
            return None
        longest = start + MOST_LETTERS
        for boundary in self._boundaries.finditer(text, start + 1, longest):
            if boundary.start() == longest < len(text):
                break  # the end of what is looked at, and of no name
            named = text[start : boundary.start()]
            closed = named.endswith(")") and "(" in named
            if squeeze(named) in known and named[0].isalnum() and (named[-1].isalnum() or named[-1] == "+" or closed):
                best = boundary.start()
            words += boundary[0] != "-"
            if words >= MOST_WORDS or text[boundary.start() : boundary.start() + 1] in {",", ";"}:
                break
        size = SIZE.match(text, start) if best is None else None
        return size.end() if size and self.field == "model_size" else best

    @cached_property
    def _boundaries(self) -> re.Pattern[str]:
        glued = rf"[-_:](?={precisions().pattern})"
        return re.compile(rf"{BOUNDARY.pattern}|{glued}", re.IGNORECASE)


class Hardware(Named):
    """An accelerator, and how many of it: `H100`, `2xH100`, `4 x L40S`, `H100 x2`."""

    aliases = staticmethod(accelerator_aliases)
    own = re.compile(r"(?!)")

    def read_at(self, text: str, start: int) -> Span | None:
        """The accelerator's name from `start`, with the count before or after it."""
        plain = super().read_at(text, start)
        label = self._label.match(text, start)
        before = COUNT_BEFORE.match(text, label.end() if label else start)
        counted = super().read_at(text, before.end()) if before else None
        if before and counted and (plain is None or counted.end > plain.end):
            return Span(counted.end, lambda: {**counted.read(), "gpus": int(before["count"])})
        after = COUNT_AFTER.match(text, plain.end) if plain else None
        if plain and after:
            return Span(after.end(), lambda: {**plain.read(), "gpus": int(after["count"])})
        return plain

    def _find(self, words: str) -> object:
        return find_gpu(words)

    def say(self, question: Any) -> str:
        """`on 2xH100`; the count is said here."""
        words = question.hardware_type
        return "" if not words else f"on {question.gpus}x{words}" if question.gpus else f"on {words}"


class SaidWithHardware(Phrase):
    """The count of accelerators: readable alone (`2 gpus`), written with the hardware."""

    def say(self, question: Any) -> str:  # noqa: ARG002  # the hardware's phrase says it
        """Nothing: see Hardware."""
        return ""


def provider_words() -> Quantity:
    """The cloud providers with a price in the catalog, and the hosted ones."""
    return choice("a provider", dict.fromkeys(providers(), ()))


def region_words() -> Quantity:
    """The regions with a price in the catalog."""
    return choice("a region", dict.fromkeys(regions(), ()))


def engine_words() -> Quantity:
    """The serving engines, as people write them."""
    specs = [engine(key) for key in engine_keys()]
    return choice("an engine", {spec.key: (spec.display_name, *spec.aliases) for spec in specs})
