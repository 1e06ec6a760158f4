"""`scenario report` and `scenario reference`: several use cases answered anew and written down as one document."""

from bot.answers.kinds import CompareAnswer
from bot.answers.shown import ShownAnswer
from bot.commands.decisions.ask_again import answered
from bot.commands.decisions.compare_question import CompareQuestion
from bot.commands.decisions.deciding import compared
from bot.commands.decisions.recommend_question import RecommendQuestion
from bot.commands.estimates import stored_answers
from bot.commands.estimates.estimate_question import EstimateQuestion
from bot.commands.scenarios.scenario_question import EXAMPLE, ScenarioQuestion
from bot.commands.scenarios.scenario_words import question_to_keep
from bot.commands.team.calibrate import measurements
from bot.commands.team.calibrate_question import SETUP, CalibrateQuestion
from bot.desk.desk import Desk
from bot.desk.records import Scenario
from bot.reply import Message
from bot.views.answers.answer import shown_of
from bot.views.scenarios.report_message import report_view
from bot.views.scenarios.report_summary import Report, UseCase
from bot.views.scenarios.scenarios import changed, title_of
from calculator.catalog.document import ReferenceOption, ReferenceUseCase, reference_use_cases
from calculator.errors import QuestionError
from calculator.specs.workload import HOURS_PER_MONTH
from calculator.team.measurement import OwnMeasurement
from calculator.team.own import NOTHING, Own

FILE = "inference-scenarios.md"
REFERENCE_FILE = "inference-scenarios-reference.md"
NONE = f"This channel has no scenarios yet. Save one first, such as `{EXAMPLE}`; `scenario reference` reports on three."
OURS = (
    "The use cases are those of the reference document; speeds and prices are this calculator's own.",
    (
        "Three things differ throughout. The document has one speed for a model: 2.4 ms a token for 7B and 3.6 ms for 13B, the same at every "
        "batch and on an RTX 4090 as on an A100. It calls 105.8 % of memory a fit. Its costs imply hourly prices of its own, and count "
        "720 hours of a month also where only business hours are wanted."
    ),
)
MEASURED = (
    (
        "The use cases are those of the reference document. So are the latencies, taken as if they had been measured, the prices, as its "
        "latencies and costs imply them, and its month of 720 hours."
    ),
)


def report(question: ScenarioQuestion, desk: Desk) -> Message:
    """The scenarios that are named, or all of the channel, with today's catalog and prices; nothing is stored."""
    chosen = [desk.scenarios.get(name) for name in question.names] or list(desk.scenarios.all())
    if not chosen:
        raise QuestionError("scenario", NONE)
    ours = stored_answers.own(desk)
    return report_view(Report([_use_case(saved, ours) for saved in chosen], desk.now), FILE)


def _use_case(saved: Scenario, ours: Own) -> UseCase:
    """A scenario answered anew; one that cannot be any more says why, and the others are reported all the same."""
    case = UseCase(saved.name, title_of(saved), saved.about, None)
    try:
        asked = question_to_keep(saved.question)
        found = answered(asked, ours)
    except QuestionError as error:
        return case._replace(problem=error.message)
    assert isinstance(found, CompareAnswer)
    before, now = ShownAnswer.model_validate_json(saved.answer) if saved.answer else None, shown_of(found)
    same = before is None or (before.figures, before.verdict) == (now.figures, now.verdict)
    news = "" if before is None or same else changed(before, now)
    wanted = asked.completed()[0] if isinstance(asked, RecommendQuestion) else asked
    return case._replace(answer=found, news=news, hours=wanted.availability or "")


def reference(question: ScenarioQuestion, desk: Desk) -> Message:
    """The reference document's use cases, beside its own figures; what the team has of its own plays no part."""
    cases = [_reference_case(one, measured=question.measured) for one in reference_use_cases()]
    return report_view(Report(cases, desk.now, MEASURED if question.measured else OURS), REFERENCE_FILE)


def _reference_case(one: ReferenceUseCase, *, measured: bool) -> UseCase:
    options = [_asked(option, measured=measured) for option in one.options]
    asked = CompareQuestion.from_text(f"{' vs '.join(map(str, options))}, {one.requires}")
    pairs = zip(asked.options, one.options, strict=True)
    own = (
        Own(measurements=tuple(found for about, option in pairs for found in _measured(about, option)))
        if measured
        else NOTHING
    )
    return UseCase(one.name, one.title, one.about, compared(asked, own), hours=asked.availability or "", document=one)


def _asked(option: ReferenceOption, *, measured: bool) -> EstimateQuestion:
    """The option as one would ask about it; with the document's price and month where these are taken over."""
    taken = {"usd_per_gpu_hour": option.usd_per_gpu_hour, "hours_per_month": HOURS_PER_MONTH} if measured else {}
    return EstimateQuestion.make({**option.asked.model_dump(), **taken})


def _measured(about: EstimateQuestion, option: ReferenceOption) -> list[OwnMeasurement]:
    """The document's latency as a measurement at this point; kept nowhere."""
    setup = about.model_copy(update={name: None for name in EstimateQuestion.model_fields if name not in SETUP})
    question = CalibrateQuestion(about=setup, total_latency_seconds=option.printed.total_latency_seconds)
    return [entry.measurement for entry in measurements(question, NOTHING)]
