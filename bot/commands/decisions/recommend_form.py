"""The form of a recommendation: opened from a question, and read back to one."""

from bot.commands.decisions.recommend_question import RecommendQuestion
from bot.commands.decisions.wanted import Wanted
from bot.commands.estimates.estimate_question import EstimateQuestion
from bot.commands.estimates.form_inputs import destination_of, input_of
from bot.desk.desk import Desk
from bot.desk.form import Form
from bot.desk.question import Question
from bot.desk.submitted import Fields
from bot.language.phrases import Phrase
from bot.reply import Block
from bot.views.decisions.recommend_form import NEEDED, recommend_form
from calculator.team.own import Own


def open_recommend(rest: str, desk: Desk) -> Block:  # noqa: ARG001
    """The form of a recommendation, filled in from one."""
    about = RecommendQuestion.from_text(rest)
    values = {**about.about.model_dump(), **about.model_dump(exclude={"about"})}
    inputs = [input_of(phrase, values[phrase.field], Wanted) for phrase in _phrases(RecommendQuestion, NEEDED)]
    rest_of = about.about.model_copy(update=dict.fromkeys((*NEEDED, "channel")))
    return recommend_form(inputs, str(rest_of), about.about.channel)


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
    return {name: known[name].read(text) for name, text in fields.items() if text.strip() and name in known}


FORM = Form(open_recommend, asks_recommend)
