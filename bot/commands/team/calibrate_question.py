"""`calibrate`: what the team measured itself. What can be typed or pasted, and how it is read."""

import re
from collections.abc import Sequence
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from bot.commands.estimates.estimate_question import EstimateQuestion
from bot.desk.question import Question
from bot.language.cleaning import clean
from bot.language.grammar import scan
from bot.language.phrases import Phrase
from bot.language.quantities import NUMBER, SECONDS, Quantity, decimal, plain
from calculator.errors import QuestionError

SETUP = (
    "model_size", "precision", "kv_cache", "hardware_type", "gpus", "tp", "pp", "replicas", "engine", "use_case", "tokens",
    "input_tokens", "output_tokens", "batch_size", "cache_hit_rate",
)  # fmt: skip
"""The fields of an estimate that say what was measured."""
LIMITS = ("max_latency_seconds", "max_ttft_seconds")
"""Said like what is measured, so not known here."""
EXAMPLE = "calibrate 7B on RTX4090, 500 tokens, batch 4, 416.7 tok/s"
DAY_S = 86_400
AROUND = " \t\r\n`"
STARTS = (
    r"={4,}",
    r"\{\s*[\"“{]",
    r"\[\s*\{",
    r"\|\s*model\s*\|",
    "┏",
    r"NVIDIA (?:GenAI-Perf|AIPerf)",
    r"Namespace\(",
    "Starting initial",
    "Traffic request rate",
)
"""How the output of a benchmark begins."""
PASTED = re.compile(r"\n|" + "|".join(f"(?={start})" for start in STARTS))
"""Where what was typed ends and what was pasted begins."""
NUMBERED = re.compile(r"#?\d{1,9}(?:[\s,]+(?:and\s+)?#?\d{1,9}){0,19}")
PER_SECOND = r"(?:\s?(?:tokens?|toks?|t)\s?(?:/|per|a)\s?s(?:ec(?:ond)?)?|\s?tps)(?![a-z0-9])"
SHARED = r"(?:output|out|generated)"
ONE = r"(?:\s?(?:/|per|for each|a)\s?(?:user|request|sequence|stream)|\s?each)"


def _speed(what: str, pattern: str, form: str) -> Quantity:
    def read(text: str) -> float:
        number = re.match(NUMBER, text.strip(), re.IGNORECASE)
        return float(decimal(number[0] if number else text))

    return Quantity(
        what, pattern, read, lambda value: form.format(plain(value)), form.format("416.7"), bare=pattern + f"|{NUMBER}"
    )


SPEED = _speed("tokens per second", f"{NUMBER}{PER_SECOND}", "{} tok/s")
OUTPUT_SPEED = _speed(
    "output tokens per second",
    rf"(?:{NUMBER}\s?{SHARED}{PER_SECOND}|{NUMBER}{PER_SECOND}\s?(?:of\s)?{SHARED})",
    "{} output tok/s",
)
USER_SPEED = _speed("tokens per second per user", f"{NUMBER}{PER_SECOND}{ONE}", "{} tok/s per user")


class CalibrateQuestion(Question):
    """What did we measure ourselves?"""

    word: ClassVar[str] = "calibrate"

    part: Literal["add", "remove", "restore"] = "add"
    """Enter a measurement, remove some, or take the removal back."""
    about: EstimateQuestion = Field(default_factory=EstimateQuestion)
    """What was measured: model, hardware, tokens, batch."""
    total_latency_seconds: Annotated[
        float | None,
        Phrase(
            SECONDS,
            "takes {}",
            "{}",
            "took {}",
            "in {}",
            "latency {}",
            "e2e {}",
            "end to end {}",
            "{} end to end",
            "{} e2e",
            "{} in all",
            names=("latency", "total_latency", "e2e_latency"),
        ),
    ] = Field(None, gt=0, le=DAY_S)
    """The whole answer, first to last token."""
    ttft_seconds: Annotated[
        float | None,
        Phrase(
            SECONDS,
            "ttft {}",
            "{} ttft",
            "first token {}",
            "first token after {}",
            "first token in {}",
            "{} to first token",
            "time to first token {}",
        ),
    ] = Field(None, gt=0, le=DAY_S)
    """Time to the first token."""
    tpot_seconds: Annotated[
        float | None,
        Phrase(
            SECONDS,
            "tpot {}",
            "{} tpot",
            "{} per token",
            "{} a token",
            "{} per output token",
            "time per output token {}",
        ),
    ] = Field(None, gt=0, le=DAY_S)
    """Time per output token after the first."""
    tokens_per_second: Annotated[float | None, Phrase(SPEED, "{}")] = Field(None, gt=0, le=1e9)
    """Tokens of one request, prompt and output together, over its whole time."""
    output_tokens_per_second: Annotated[float | None, Phrase(OUTPUT_SPEED, "{}")] = Field(None, gt=0, le=1e9)
    """Output tokens of all requests in flight together, per second."""
    tokens_per_second_per_user: Annotated[float | None, Phrase(USER_SPEED, "{}")] = Field(None, gt=0, le=1e6)
    """What one reader sees while text streams: 1 / TPOT."""
    pasted: str = ""
    """What a benchmark printed."""
    numbers: tuple[int, ...] = ()
    """Which measurements to remove or to restore."""
    sure: bool = False
    """Removes; without it the question is asked back."""

    @classmethod
    def from_text(cls, text: str) -> Self:
        """`7B on RTX4090, 500 tokens, batch 4, 416.7 tok/s`, a setup and pasted lines, `remove 3 [yes]` or `restore 3`."""
        first, _, rest = clean(text).partition(" ")
        if first.lower() in {"remove", "delete", "restore"}:
            return cls.make({"part": "restore" if first.lower() == "restore" else "remove", **_numbers(rest)})
        typed, pasted = _split(text.strip(AROUND))
        return cls.read(clean(typed), pasted=pasted)

    @classmethod
    def read(cls, typed: str, **more: Any) -> Self:
        """The measurement that a sentence says."""
        own, others = cls.phrases(), [one for one in EstimateQuestion.phrases() if one.field not in {*SETUP, *LIMITS}]
        values = scan(typed, [*setup_phrases(), *own, *others])
        figures = {phrase.field: values.pop(phrase.field) for phrase in own if phrase.field in values}
        strangers = [phrase.field for phrase in others if phrase.field in values]
        if strangers:
            raise QuestionError(strangers[0], f"{strangers[0]} does not belong to a measurement: leave it out.")
        return cls.make({"about": EstimateQuestion.make(values), **figures, **more})

    @model_validator(mode="after")
    def _said_once(self) -> Self:
        for field, others in (
            ("total_latency_seconds", ("tokens_per_second", "output_tokens_per_second")),
            ("tokens_per_second", ("output_tokens_per_second",)),
            ("tpot_seconds", ("tokens_per_second_per_user",)),
        ):
            for other in others:
                if getattr(self, field) and getattr(self, other):
                    raise QuestionError(field, f"{field} and {other} say the same thing twice. Say one of them.")
        if self.ttft_seconds and self.total_latency_seconds and self.ttft_seconds > self.total_latency_seconds:
            raise QuestionError(
                "ttft_seconds", "The first token cannot come after the whole answer. Check the two times."
            )
        if self.pasted and self.said():
            raise QuestionError("pasted", f"The pasted output says what was measured: leave “{self.said()}” out.")
        return self

    def __str__(self) -> str:
        if self.part != "add":
            numbers = " ".join(map(str, self.numbers))
            return f"{self.word} {self.part} {numbers}{' yes' if self.sure else ''}".strip()
        typed = ", ".join(filter(None, (str(self.about), self.said())))
        return f"{self.word} {typed}\n{self.pasted}" if self.pasted else f"{self.word} {typed}".strip()


def setup_phrases() -> Sequence[Phrase]:
    """How one says what was measured."""
    return [phrase for phrase in EstimateQuestion.phrases() if phrase.field in SETUP]


def _split(text: str) -> tuple[str, str]:
    """What was typed, and what was pasted below or behind it."""
    from calculator.benchmarks.reading import looks_like_benchmark  # noqa: PLC0415  # only what is pasted needs it

    match = PASTED.search(text)
    if match is None:
        return text, ""
    typed, rest = text[: match.start()], text[match.end() :].strip(AROUND)
    is_more_of_the_sentence = "\n" not in rest and not looks_like_benchmark(rest)
    return (text, "") if is_more_of_the_sentence else (typed, rest)


def _numbers(text: str) -> dict[str, Any]:
    words = re.sub(r"\s*(?:yes|sure)$", "", text, flags=re.IGNORECASE)
    if not NUMBERED.fullmatch(words):
        raise QuestionError(
            "number",
            f"“{text}” is not the number of a measurement: `calibrations` lists them, `calibrate remove 3` removes one.",
        )
    return {"numbers": tuple(map(int, re.findall(r"\d+", words))), "sure": words != text}
