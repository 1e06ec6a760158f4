"""The forms of a comparison and of a recommendation: opened from a question, and read back to one."""

from bot.commands.base import Desk, Question
from bot.commands.compare_question import CompareQuestion
from bot.commands.deciding import at_hours
from bot.commands.entered import Fields
from bot.commands.estimate_question import EstimateQuestion
from bot.commands.form_inputs import destination_of, input_of
from bot.commands.recommend_question import RecommendQuestion
from bot.commands.resolve import resolve
from bot.commands.wanted import Wanted
from bot.grammar import clean
from bot.phrases import Phrase
from bot.reply import Block
from bot.views.decision_forms import NEEDED, REQUIRED, compare_form, recommend_form
from calculator.errors import QuestionError
from calculator.own import Own


def open_compare(rest: str, desk: Desk) -> Block:  # noqa: ARG001  # every form is opened alike
    """The form of a comparison, filled in from one, or from a single option that is to be compared."""
    phrases = _phrases(CompareQuestion, REQUIRED)
    try:
        about = CompareQuestion.from_text(rest)
    except QuestionError:
        return compare_form(rest, [input_of(phrase, None) for phrase in phrases], None)
    options = " vs ".join(map(str, about.options))
    return compare_form(options, [input_of(phrase, getattr(about, phrase.field)) for phrase in phrases], about.channel)


def open_recommend(rest: str, desk: Desk) -> Block:  # noqa: ARG001
    """The form of a recommendation, filled in from one."""
    about = RecommendQuestion.from_text(rest)
    values = {**about.about.model_dump(), **about.model_dump(exclude={"about"})}
    inputs = [input_of(phrase, values[phrase.field]) for phrase in _phrases(RecommendQuestion, NEEDED)]
    rest_of = about.about.model_copy(update=dict.fromkeys((*NEEDED, "channel")))
    return recommend_form(inputs, str(rest_of), about.about.channel)


def asks_compare(fields: Fields, subject: str, own: Own) -> Question:  # noqa: ARG001  # every form is read alike
    """The comparison that was submitted; each option is checked to the end."""
    where = destination_of(fields)
    typed = CompareQuestion.from_text(fields.pop("options", ""))
    said = {name: value for name, value in _read(CompareQuestion, fields).items() if value is not None}
    question = CompareQuestion.make({**dict(typed), **said, "channel": where})
    for option in question.options:
        resolve(at_hours(option, question), own)
    return question


def asks_recommend(fields: Fields, subject: str, own: Own) -> Question:  # noqa: ARG001
    """The recommendation that was submitted."""
    where = destination_of(fields)
    other = RecommendQuestion.from_text(fields.pop("more", ""))
    values = _read(RecommendQuestion, fields)
    required = {name: values.pop(name) for name in list(values) if name in Wanted.model_fields}
    about = EstimateQuestion.make({**other.about.model_dump(exclude_none=True), **values, "channel": where})
    return RecommendQuestion.make(
        {**other.model_dump(exclude={"about"}, exclude_none=True), **required, "about": about}
    )


def _phrases(kind: type[Wanted], names: tuple[str, ...]) -> list[Phrase]:
    """How the fields of a form are said, in its order."""
    known = {phrase.field: phrase for phrase in (*EstimateQuestion.phrases(), *kind.phrases())}
    return [known[name] for name in names]


def _read(kind: type[Wanted], fields: Fields) -> dict[str, object]:
    """What the inputs say, each read by its own phrase."""
    known = {phrase.field: phrase for phrase in (*EstimateQuestion.phrases(), *kind.phrases())}
    return {name: known[name].read(clean(text)) for name, text in fields.items() if text.strip() and name in known}
