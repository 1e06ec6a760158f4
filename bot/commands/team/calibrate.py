"""`calibrate` and `calibrations`: what the team measured itself, entered, listed and removed."""

from typing import ClassVar, Self

from pydantic import Field

from bot.answers.kinds import EstimateAnswer
from bot.commands.estimates.estimate_question import EstimateQuestion
from bot.commands.estimates.resolve import resolve
from bot.commands.estimates.stored_answers import own
from bot.commands.team.calibrate_question import EXAMPLE, CalibrateQuestion
from bot.desk.command import Command
from bot.desk.desk import Desk
from bot.desk.question import Question
from bot.language.cleaning import clean
from bot.language.shared_words import PAGE_WORDS
from bot.reply import Message
from bot.views.team.calibrations import Entry, Page, ask_before_removing, entered, listed, removed, restored
from calculator.benchmarks.point import Benchmark, Measured
from calculator.catalog import find_architecture
from calculator.errors import QuestionError
from calculator.team.correction import fastest_tpot_s
from calculator.team.measurement import OwnMeasurement
from calculator.team.own import Own

PAGE = 15
LENGTHS = ("tokens", "input_tokens", "output_tokens", "batch_size", "use_case")
CONTRADICTION = 0.1
"""Share by which a total may differ from its first token and the others together."""
WHAT = (
    "What did you measure? Say for example `416.7 tok/s`, `takes 1.2s` or `ttft 180ms, tpot 24ms`; or paste what "
    "vllm bench serve, llama-bench or genai-perf printed below it."
)


class CalibrationsQuestion(Question):
    """What did we measure ourselves so far?"""

    word: ClassVar[str] = "calibrations"

    page: int = Field(1, ge=1, le=10_000)
    """Which page of the list."""

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Nothing, or `page 2`."""
        words = clean(text)
        page = PAGE_WORDS.fullmatch(words)
        if words and not page:
            raise QuestionError("page", f"“{words}” is not understood here: `calibrations` lists all, newest first.")
        return cls.make({"page": int(page[1])} if page else {})

    def __str__(self) -> str:
        return f"{self.word}{f' page {self.page}' if self.page > 1 else ''}"


def answer(question: CalibrateQuestion, desk: Desk) -> Message:
    """The measurements kept, removed or restored."""
    if question.part == "add":
        return _add(question, desk)
    if question.part == "restore":
        return restored([desk.calibrations.restore(number) for number in question.numbers])
    if question.sure:
        return removed([desk.calibrations.remove(number) for number in question.numbers])
    current = {one.number: one for one in desk.calibrations.current()}
    for number in question.numbers:
        if number not in current:
            raise QuestionError(
                "number", f"Your team has no measurement {number} that counts now. `calibrations` lists those that do."
            )
    return ask_before_removing([current[number] for number in question.numbers], desk.command)


def _add(question: CalibrateQuestion, desk: Desk) -> Message:
    """Each operating point checked and kept, with what was predicted of it."""
    benchmark = printed(question)
    read = measurements(question, own(desk), benchmark)
    kept = desk.calibrations.add([entry.measurement for entry in read])
    entries = [entry._replace(measurement=one) for entry, one in zip(read, kept, strict=True)]
    return entered(entries, _notes(benchmark, kept[0].model) if benchmark else ())


def _notes(benchmark: Benchmark, key: str) -> tuple[str, ...]:
    """What was understood of the output; a doubt where it names another model."""
    name = benchmark.model or ""
    try:
        other = find_architecture(name).spec.key if name else key
    except QuestionError:
        return (f"The output names its model {name}", *benchmark.notes)
    doubt = (f":warning: The output is of {name}. Undo takes it back",) if other != key else ()
    return (*doubt, *benchmark.notes)


def printed(question: CalibrateQuestion) -> Benchmark | None:
    """What a benchmark printed, where it was pasted; QuestionError where it cannot be read."""
    from calculator.benchmarks.reading import read_benchmark  # noqa: PLC0415  # only what is pasted needs it

    return read_benchmark(question.pasted) if question.pasted else None


def measurements(question: CalibrateQuestion, ours: Own, benchmark: Benchmark | None = None) -> list[Entry]:
    """What was measured, each with the prediction of the same point; QuestionError names what is missing or wrong."""
    about, without = question.about, Own(rates=ours.rates, models=ours.models)
    if benchmark is None:
        if not question.said():
            raise QuestionError("figures", WHAT)
        found = _predicted(about, without)
        return [_entry(found, _from_words(question, found), question.said())]
    said = [field for field in LENGTHS if getattr(about, field)]
    if said:
        raise QuestionError(said[0], f"The pasted output says {said[0]} itself: leave it out.")
    return [_entry(_predicted(_at(about, point), without), point, benchmark.tool) for point in benchmark.points]


def _at(about: EstimateQuestion, point: Measured) -> EstimateQuestion:
    """The question about a printed operating point."""
    lengths = {
        "input_tokens": max(point.input_tokens, 1),
        "output_tokens": point.output_tokens,
        "batch_size": point.batch_size,
    }
    return about.model_copy(update=lengths)


def _predicted(about: EstimateQuestion, ours: Own) -> EstimateAnswer:
    found = resolve(about, ours)
    if not isinstance(found, EstimateAnswer):
        raise QuestionError(
            "hardware_type",
            f"On which hardware did you measure? A hosted model cannot be calibrated. Say for example `{EXAMPLE}`.",
        )
    return found


def _from_words(question: CalibrateQuestion, found: EstimateAnswer) -> Measured:
    """The figures in seconds. A speed is turned into the time that it means."""
    w, q = found.estimate.workload, question
    total = q.total_latency_seconds
    total = total or (w.tokens / q.tokens_per_second if q.tokens_per_second else None)
    total = total or (
        w.batch_size * w.output_tokens / q.output_tokens_per_second if q.output_tokens_per_second else None
    )
    tpot = q.tpot_seconds or (1 / q.tokens_per_second_per_user if q.tokens_per_second_per_user else None)
    ttft = q.ttft_seconds
    if total and ttft and ttft > total:
        raise QuestionError(
            "ttft_seconds", f"The first token cannot come after the whole answer of {total:.3g} s. Check the figures."
        )
    if total and ttft and tpot and abs(ttft + (w.output_tokens - 1) * tpot - total) > CONTRADICTION * total:
        together = ttft + (w.output_tokens - 1) * tpot
        raise QuestionError(
            "total_latency_seconds",
            f"First token and {w.output_tokens - 1:,} more take {together:.3g} s together, not {total:.3g} s: "
            "leave one of the three out, or say how many output tokens it were.",
        )
    if total and tpot and not ttft and (w.output_tokens - 1) * tpot >= total:
        raise QuestionError(
            "tpot_seconds",
            f"{w.output_tokens - 1:,} tokens at that pace take longer than the whole answer of {total:.3g} s. Check "
            "the figures, or say how many output tokens it were.",
        )
    lengths = {"input_tokens": w.input_tokens, "output_tokens": w.output_tokens, "batch_size": w.batch_size}
    return Measured(**lengths, ttft_s=ttft, tpot_s=tpot, total_latency_s=total)


def _entry(found: EstimateAnswer, point: Measured, said: str) -> Entry:
    d, w = found.estimate.deployment, found.estimate.workload
    measurement = OwnMeasurement(
        model=d.model.key,
        precision=d.precision.key,
        kv_precision=d.kv_precision,
        gpu=d.gpu.key,
        tp=d.tp,
        pp=d.pp,
        dp=d.dp,
        replicas=d.replicas,
        engine=d.engine.key,
        input_tokens=point.input_tokens,
        output_tokens=point.output_tokens,
        batch_size=point.batch_size,
        cache_hit_rate=w.cache_hit_rate,
        ttft_s=point.ttft_s,
        tpot_s=point.tpot_s,
        total_latency_s=point.total_latency_s,
        said=said,
    )
    return Entry(measurement, found, fastest_tpot_s(d, point.batch_size))


def calibrations(question: CalibrationsQuestion, desk: Desk) -> Message:
    """A page of what counts, the newest first."""
    current = desk.calibrations.current()
    start = (question.page - 1) * PAGE
    shown = current[start : start + PAGE]
    if question.page > 1 and not shown:
        raise QuestionError("page", f"There is no page {question.page}. `calibrations` is the first.")
    turn = str(CalibrationsQuestion(page=question.page + 1)) if len(current) > start + PAGE else ""
    return listed(shown, Page(len(current), turn))


CALIBRATE = Command(
    CalibrateQuestion,
    answer,
    "Enter what you measured yourselves: estimates at that point equal it, and nearby ones follow. Alone, it opens the form.",
    (
        EXAMPLE,
        "calibrate llama-3.1-70b fp8 on 2xH100, 1k in 300 out, 20 concurrent, ttft 380ms, tpot 24ms",
        "calibrate llama-3.1-8b on L4, 512 in 128 out, batch 8, 210 output tok/s",
        "calibrate remove 3",
    ),
)
CALIBRATIONS = Command(
    CalibrationsQuestion, calibrations, "What you measured yourselves, the newest first.", ("calibrations",)
)
