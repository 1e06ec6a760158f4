"""`form`: opens the form, empty or filled in from a question; and reads the form that comes back."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Self, TypeVar

from bot.commands.decisions.compare_form import NUMBER, open_compare, question_of
from bot.commands.decisions.compare_form_submitted import asks_compare
from bot.commands.decisions.form_inputs import destination_of, input_of
from bot.commands.decisions.recommend_form import asks_recommend, open_recommend
from bot.commands.decisions.what_if_question import asks_what_if
from bot.commands.estimates.estimate_question import EstimateQuestion
from bot.commands.estimates.resolve import resolve
from bot.commands.history.share_form import asks_share, open_share
from bot.commands.team.calibrate import measurements, printed
from bot.commands.team.calibrate_question import SETUP, CalibrateQuestion, setup_phrases
from bot.commands.team.defaults import asks_defaults, open_defaults
from bot.commands.team.model_question import ModelQuestion, own_name
from bot.commands.team.pasted_config import read_config
from bot.commands.tracking.deployment import DeploymentQuestion
from bot.commands.tracking.plan import check_name, write_tags
from bot.commands.tracking.schedule_question import ScheduleQuestion
from bot.commands.tracking.track import TrackQuestion
from bot.commands.tracking.usage import UsageQuestion
from bot.desk.question import Command, Desk, Question
from bot.desk.submitted import Fields, inputs
from bot.language.grammar import clean, scan
from bot.language.shared_words import BUDGET
from bot.reply import Block, Modal
from bot.views.kit.form import ORDER, estimate_form, origin_of, taken_from
from bot.views.team.model_form import model_form
from bot.views.tracking.forms import PlanFilled, calibrate_form, plan_form, schedule_form, usage_form
from calculator.errors import QuestionError
from calculator.team.own import NOTHING, Own

T = TypeVar("T")
FROM = "from the message:"
"""What stands between a question and the message that it was taken from."""


class FormQuestion(Question):
    """Open the form, filled in from `about`."""

    word: ClassVar[str] = "form"

    about: str = ""
    """A question to start from."""
    message: str = ""
    """The message that it was taken from, where it says more."""

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Everything after the word is the question to start from, or the answer to one: `#12`."""
        about, _, message = clean(text).partition(f"{FROM} ")
        return cls(about=about.strip(), message=message)

    def __str__(self) -> str:
        return " ".join(filter(None, (self.word, self.about, FROM if self.message else "", self.message)))


def answer(question: FormQuestion, desk: Desk) -> Modal:
    """The form."""
    view = _opened(question.about, desk)
    return Modal(view=taken_from(view, question.message) if question.message else view)


def _opened(asked: str, desk: Desk) -> Block:
    if numbered := NUMBER.fullmatch(asked):
        return _opened(question_of(desk.stored.get(int(numbered[1]))), desk)
    word, _, rest = asked.partition(" ")
    if word in OPENED:
        return OPENED[word](rest.strip(), desk)
    about = EstimateQuestion.from_text(asked)
    entries = {phrase.field: input_of(phrase, getattr(about, phrase.field)) for phrase in about.phrases()}
    unlisted = about.model_copy(update=dict.fromkeys((*ORDER, "channel")))
    return estimate_form(entries, unlisted.said(), about.channel)


def _track(rest: str, desk: Desk) -> Block:  # noqa: ARG001
    return plan_form(PlanFilled(question=rest))


def _deployment(rest: str, desk: Desk) -> Block:
    found = desk.fleet.mine(rest)
    budget = "" if found.budget_usd is None else BUDGET.write(found.budget_usd)
    return plan_form(
        PlanFilled(
            name=found.name,
            question=found.question,
            budget=budget,
            pinned=found.pinned,
            tags=write_tags(found.tags) if found.tags else "",
            known=found.name,
        )
    )


def _calibrate(rest: str, desk: Desk) -> Block:  # noqa: ARG001
    """Filled in with what a question says of the setup; its price and limits are not measured."""
    about = EstimateQuestion.from_text(rest)
    others = dict.fromkeys(name for name in EstimateQuestion.model_fields if name not in SETUP)
    return calibrate_form(str(about.model_copy(update=others)))


def _usage(rest: str, desk: Desk) -> Block:
    return usage_form(desk.fleet.mine(rest).name)


def _schedule(rest: str, desk: Desk) -> Block:
    names = [one.name for one in desk.fleet.all()]
    asked = ScheduleQuestion.from_text(rest) if rest else ScheduleQuestion()
    if asked.number is None:
        return schedule_form(asked.spec, asked.about, asked.channel or desk.asker.channel_id, None, names)
    found = desk.agenda.mine(asked.number)
    return schedule_form(found.spec, found.about, found.channel_id, found.number, names)


def _model(rest: str, desk: Desk) -> Block:  # noqa: ARG001
    return model_form(rest[:60])


def _what_if(rest: str, desk: Desk) -> Block:  # noqa: ARG001
    from bot.views.answers.what_if import what_if_form  # noqa: PLC0415  # with the views of an answer

    return what_if_form(rest if re.fullmatch(r"\d{1,9}", rest) else "")


OPENED: dict[str, Callable[[str, Desk], Block]] = {
    "compare": open_compare,
    "recommend": open_recommend,
    "track": _track,
    "deployment": _deployment,
    "usage": _usage,
    "schedule": _schedule,
    "calibrate": _calibrate,
    "model": _model,
    "whatif": _what_if,
    "defaults": open_defaults,
    "share": open_share,
}


def form_question(view: Mapping[str, Any], own: Own = NOTHING) -> Question:
    """The question that a submitted form asks, checked to the end so that errors show under their field."""
    fields = {name: value for name, value in inputs(view) if value}
    return SUBMITTED[view["callback_id"]](fields, origin_of(view).subject, own)


def _asks_estimate(fields: Fields, subject: str, own: Own) -> Question:  # noqa: ARG001  # every form is read alike
    where = destination_of(fields)
    more = scan(clean(fields.pop("more", "")), EstimateQuestion.phrases())
    question = EstimateQuestion.from_fields(fields)
    question = EstimateQuestion.make({**question.model_dump(exclude_none=True), **more, "channel": where})
    resolve(question, own)
    return question


def _asks_track(fields: Fields, subject: str, own: Own) -> Question:  # noqa: ARG001
    question = TrackQuestion.read(check_name(clean(fields.get("name", ""))), _plan(fields))
    resolve(question.about, own)
    return question


def _asks_change(fields: Fields, subject: str, own: Own) -> Question:
    """Everything that the form holds, a new name too."""
    name, plan = check_name(clean(fields.get("name", ""))), _plan({"budget": "$0", "tags": "none", **fields})
    resolve(TrackQuestion.read(name, plan).about, own)
    renamed = f"{name}: " if name != subject else ""
    return DeploymentQuestion(name=subject, do="becomes", rest=f"{renamed}{plan}")


def _plan(fields: Fields) -> str:
    """The plan as one would type it: each input is read by itself, so that an error stands under its own."""
    question = clean(fields.get("question", ""))
    own = {phrase.field: phrase for phrase in TrackQuestion.phrases()}
    said = [question]
    for field, name, form in (
        ("budget_usd", "budget", "budget {}"),
        ("tags", "tags", "tags {}"),
        ("since", "since", "since {}"),
    ):
        if text := clean(fields.get(name, "")):
            try:
                said.append(form.format(own[field].quantity.write(own[field].read(text))))
            except QuestionError as error:
                raise QuestionError(name, error.message) from error
    return ", ".join([*said, fields.get("price", "floating")])


def _asks_usage(fields: Fields, subject: str, own: Own) -> Question:  # noqa: ARG001
    """A file stands alone: what it holds is read later, under the question."""
    if fields.pop("file", ""):
        if fields:
            raise QuestionError("file", "Give this file alone: empty the fields above, or remove the file.")
        return UsageQuestion(name=subject)
    if table := fields.pop("table", ""):
        return UsageQuestion.from_text(f"{subject}\n{table}")
    if not fields:
        raise QuestionError("requests_per_hour", "Say how many requests arrive, such as 1240/h, or give CSV below.")
    return UsageQuestion.from_fields(fields, name=subject)


def _asks_calibrate(fields: Fields, subject: str, own: Own) -> Question:  # noqa: ARG001
    """Each input is read by itself, so that an error stands under its own; what a file holds is read later."""
    question, figures, table, file = (fields.get(name, "") for name in ("question", "figures", "table", "file"))
    if sum(map(bool, (figures, table, file))) > 1:
        raise QuestionError("file" if file else "table", "Give what you measured once: empty the other two.")
    setup = EstimateQuestion.make(_under("question", lambda: scan(clean(question), setup_phrases())))
    said = _under("figures", lambda: scan(clean(figures), CalibrateQuestion.phrases()))
    measured = _under(
        "table" if table else "figures", lambda: CalibrateQuestion.make({"about": setup, **said, "pasted": table})
    )
    resolve(setup, own)
    benchmark = _under("table", lambda: printed(measured))
    if not file:
        _under("table" if table else "figures", lambda: measurements(measured, own, benchmark))
    return measured


def _under(field: str, read: Callable[[], T]) -> T:
    """What is read, its errors under the input that holds it."""
    try:
        return read()
    except QuestionError as error:
        raise QuestionError(field, error.message) from error


def _asks_model(fields: Fields, subject: str, own: Own) -> Question:  # noqa: ARG001
    """What is pasted is understood to the end; what a file holds is read later, under the question."""
    from calculator.config_json.model import model_from_config  # noqa: PLC0415  # only this form pays for it

    name, pasted, file = own_name(clean(fields.get("name", ""))), fields.get("config", ""), fields.get("file", "")
    if pasted and file:
        raise QuestionError("file", "Give the config.json once: empty the field above, or remove the file.")
    if not (pasted or file):
        raise QuestionError("config", "Paste the config.json, or choose the file below.")
    if file:
        return ModelQuestion(name=name)
    question = ModelQuestion.make({"part": "add", "name": name, "config": read_config(pasted)})
    model_from_config(json.loads(question.config), name)
    return question


def _asks_schedule(fields: Fields, subject: str, own: Own) -> Question:  # noqa: ARG001
    where, about = fields.get("channel"), clean(fields.get("deployments", ""))
    text = f"{clean(fields.get('schedule', ''))}{f' in <#{where}>' if where else ''}{f' of {about}' if about else ''}"
    return ScheduleQuestion.from_text(f"{subject} becomes {text}" if subject else text)


SUBMITTED: dict[str, Callable[[Fields, str, Own], Question]] = {
    "estimate": _asks_estimate, "compare": asks_compare, "recommend": asks_recommend, "track": _asks_track, "deployment": _asks_change, "usage": _asks_usage,
    "schedule": _asks_schedule, "calibrate": _asks_calibrate, "model": _asks_model, "whatif": asks_what_if, "defaults": asks_defaults, "share": asks_share,
}  # fmt: skip


FORM = Command(
    FormQuestion,
    answer,
    "Open the form, empty or filled in from a question.",
    ("form", "form 7B on RTX4090, 500 tokens", "form track", "form schedule"),
)
