"""Text as people type it to fields: any order, any of the forms that the phrases know, nothing ignored silently.

The text is cleaned once, and read from left to right. At each place the first of these holds:

1. the longest reading of any phrase (`2k tokens` before `2`); of equally long ones that of the phrase that comes first;
2. what only separates: blanks, commas, brackets, quotes, a dash or a slash before a blank;
3. a word of the language that says nothing here (GLUE_WORDS), remembered as what comes before a name: `on`, `using`;
4. what nobody reads, refused by its kind or looked up in the catalog, up to where something is understood again:
   `name=value` of an unknown name, a person, a channel, the beginning of a phrase that is not complete, a count with a
   name of hardware (`2x NVIDIA H100`), a bare number, the name of a model or of hardware.

What is said twice must say the same.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.language.cleaning import clean, must_be_short
from bot.language.names import MOST_WORDS
from bot.language.phrases import Phrase, Span
from calculator.errors import QuestionError

GLUE_WORDS = (
    "a", "an", "and", "answer", "are", "as", "at", "can", "cost", "do", "does", "each", "estimate", "fast", "fit", "for",
    "from", "how", "in", "is", "it", "llm", "model", "much", "nvidia", "amd", "geforce", "gpu", "gpus", "of", "on", "please", "requests", "run", "running", "serve",
    "serving", "the", "to", "using", "what", "will", "with", "would", "we", "i",
)  # fmt: skip
SEPARATOR = re.compile(r"[\s,;?!()\[\]{}\"'*|]+|\.(?=\s|$)|--+|-(?=\s|[a-z])|/(?=\s)|[:&@]|\+(?=\s)", re.IGNORECASE)
GLUE = re.compile(rf"(?:{'|'.join(GLUE_WORDS)})(?![\w.=-])", re.IGNORECASE)
NAME = re.compile(r"[a-z0-9](?:[\w .+/()-]*[a-z0-9+)])?", re.IGNORECASE)
"""What the name of a model or of hardware looks like."""
CHUNK = re.compile(r"[^\s,;]+")


VERSUS = re.compile(r"(?<!\s)\s+(?:vs\.?|versus|against|compared (?:to|with))\s+|(?<!\s)\s*\n\s*", re.IGNORECASE)
"""What stands between the options of a comparison."""


def scan(text: str, phrases: Sequence[Phrase], known: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The fields that `text` says, as it was typed.

    Raises QuestionError, naming the field, for a word nobody knows, a value that cannot be read or a field said twice,
    and for a text that is longer than any question.
    """
    must_be_short(text)
    text = clean(text)
    values: dict[str, Any] = {}
    for start, span in _spans(text, phrases, values):
        for field, value in span.read().items():
            if field in values and values[field] != value:
                raise _twice(field, values[field], text[start : span.end])
            values[field] = value
    return {**(known or {}), **values}


def _spans(text: str, phrases: Sequence[Phrase], values: Mapping[str, Any]) -> Iterator[tuple[int, Span]]:
    position, glue = 0, ""
    while position < len(text):
        span = None if text[position].isspace() else longest(text, position, phrases)
        if span:
            yield position, span
            position, glue = span.end, ""
        elif passed := SEPARATOR.match(text, position) or GLUE.match(text, position):
            glue = passed[0].strip().lower() or glue
            position = passed.end()
        else:
            span = _rescue(text, position, glue, phrases, values)
            yield position, span
            position, glue = span.end, ""


def longest(text: str, position: int, phrases: Sequence[Phrase]) -> Span | None:
    """The longest reading that starts here."""
    spans = [span for phrase in phrases if (span := phrase.read_at(text, position))]
    return max(spans, key=lambda span: span.end, default=None)


def _twice(field: str, first: Any, second: str) -> QuestionError:
    if field in {"model_size", "hardware_type"}:
        kind = "models" if field == "model_size" else "kinds of hardware"
        return QuestionError(field, f"Two {kind} are named: “{first}” and “{second}”. Name one, or `compare A vs B`.")
    return QuestionError(field, f"{field} is said twice: {first} and “{second}”. Say it once.")


def _rescue(
    text: str,
    position: int,
    glue: str,
    phrases: Sequence[Phrase],
    values: Mapping[str, Any],
) -> Span:
    """A name that only the catalog's own look-up knows; QuestionError says why the words are not understood."""
    chunk = CHUNK.match(text, position)
    word = chunk[0] if chunk else text[position:]
    name, sign, value = word.partition("=")
    if sign:
        raise _bad_assignment(name, value or text[position + len(word) :].strip(), phrases)
    if re.fullmatch(r"[<][#@!][^>]*[>]?", word):
        raise QuestionError("question", f"“{word}” is a person or a channel; a question needs neither there.")
    if word.startswith("#"):
        raise QuestionError(
            "channel", f"“{word}” is no channel that Slack told me of. In Slack, pick it from the list that `#` opens."
        )
    if phrase := next((phrase for phrase in phrases if phrase.begins_at(text, position)), None):
        typed = text[position : position + 40]
        raise QuestionError(phrase.field, f"“{typed}” is not understood. Write it like `{phrase.example()}`.")
    end = _unknown_end(text, position, phrases)
    words = text[position:end].strip()
    if span := _counted(words, end, phrases):
        return span
    if re.match(r"[-+<>$]?\s*[.\d]", word) and not re.search(r"(?i)\db\b", word):
        raise _bare_number(word)
    if all(phrase.field != "model_size" for phrase in phrases):
        raise QuestionError("question", f"“{words}” is not understood here.")
    field = _named(words, glue, values)
    return Span(end, lambda: {field: words})


def _bad_assignment(name: str, value: str, phrases: Sequence[Phrase]) -> QuestionError:
    for phrase in phrases:
        if name.lower().replace("-", "_") in {phrase.field, *phrase.names}:
            try:
                phrase.read(value)
            except QuestionError as error:
                return QuestionError(phrase.field, f"{error.message} For example `{phrase.example()}`.")
    known = [phrase.field for phrase in phrases]
    return QuestionError("question", f"There is no “{name}”. {did_you_mean(name, known)}".strip())


def _bare_number(word: str) -> QuestionError:
    if word.startswith("$"):
        return QuestionError("price", f"“{word}” per what? Write `{word}/h` for a price per GPU-hour.")
    if re.fullmatch(r"[<>]?[.\d]+(ms|s|min)", word):
        return QuestionError("max_latency_seconds", f"“{word}” for what? Write `within {word.lstrip('<>')}`.")
    return QuestionError(
        "question",
        f"“{word}” of what? Write `{word} tokens`, `batch {word}` or `{word} req/h`.",
    )


def _counted(words: str, end: int, phrases: Sequence[Phrase]) -> Span | None:
    """`2xNVIDIA H100`: a count, and a name of hardware that only the look-up knows."""
    from calculator.catalog import find_gpu  # noqa: PLC0415  # the fuzzy look-up is only needed here

    counted = re.fullmatch(r"(\d{1,6})\s*[x*]\s*(.+)", words, re.IGNORECASE)
    if not counted or not NAME.fullmatch(counted[2]) or all(phrase.field != "hardware_type" for phrase in phrases):
        return None
    try:
        find_gpu(counted[2])
    except QuestionError:
        return None
    return Span(end, lambda: {"hardware_type": counted[2], "gpus": int(counted[1])})


def _unknown_end(text: str, position: int, phrases: Sequence[Phrase]) -> int:
    """Where the next thing that is understood begins, or a name is as long as one gets."""
    end = position
    for _ in range(MOST_WORDS):
        if not (chunk := CHUNK.match(text, end)):
            break
        end = chunk.end()
        after = re.compile(r"\s+").match(text, end)
        if not after or longest(text, after.end(), phrases) or GLUE.match(text, after.end()):
            break
        end = after.end()
    return end


def _named(words: str, glue: str, values: Mapping[str, Any]) -> str:
    """The field whose look-up knows these words; QuestionError from the likelier one where neither does."""
    from calculator.catalog import find_gpu, find_model  # noqa: PLC0415  # the fuzzy look-up is only needed here

    hardware = glue in {"on", "@", "using"} or ("model_size" in values and "hardware_type" not in values)
    finders = {"hardware_type": find_gpu, "model_size": find_model}
    order = ("hardware_type", "model_size") if hardware else ("model_size", "hardware_type")
    errors = []
    for field in order:
        try:
            finders[field](words)
        except QuestionError as error:
            errors.append(error)
        else:
            if NAME.fullmatch(words):
                return field
    raise errors[0] if errors else QuestionError("question", f"“{words}” is not understood here.")


def did_you_mean(word: str, known: Sequence[str]) -> str:
    """“Did you mean …?” for the closest of the known words, or nothing."""
    from rapidfuzz import process  # noqa: PLC0415  # only an error pays for it

    found = process.extractOne(word.lower(), known, score_cutoff=60)
    return f"Did you mean `{found[0]}`?" if found else ""


def with_hint(before: str, word: str, known: Sequence[str], after: str) -> str:
    """Sentences about an unknown word, with “Did you mean …?” between them where something is close."""
    return " ".join(filter(None, (before, did_you_mean(word, known) if known else "", after)))
