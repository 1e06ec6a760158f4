"""Scenarios kept: saved, listed, asked again, replaced, removed and restored."""

from contextlib import suppress

from bot.answers.shown import ShownAnswer
from bot.commands.decisions.ask_again import answered, ask
from bot.commands.decisions.compare_question import CompareQuestion
from bot.commands.decisions.recommend_question import RecommendQuestion
from bot.commands.estimates import stored_answers
from bot.commands.estimates.fill_defaults import filled, held, wherever
from bot.commands.scenarios.scenario_question import EXAMPLE, ScenarioQuestion
from bot.commands.scenarios.scenario_words import Asked, question_to_keep
from bot.desk.desk import Desk
from bot.desk.records import Scenario
from bot.reply import Message
from bot.views.answers.answer import shown_of
from bot.views.scenarios.scenarios import (
    Page,
    ask_before_removing,
    ask_before_replacing,
    list_view,
    news_of,
    removed_view,
    restored_view,
    saved_view,
)
from calculator.errors import QuestionError

PAGE = 8
LOOKED_AT = 50
"""Stored answers among which the last one of this channel is looked for."""
NO_LAST = f"You have compared nothing in this channel lately. Say what to keep: `{EXAMPLE}`."


def kept(question: ScenarioQuestion, desk: Desk) -> Message:
    """A scenario asked again, all of them, or what became of a change."""
    parts = {"list": _list, "show": _ask, "save": _save, "remove": _remove, "restore": _restore}
    return parts[question.part](question, desk)


def _ask(question: ScenarioQuestion, desk: Desk) -> Message:
    """The same question with today's catalog and prices, and what changed since the last time."""
    found = desk.scenarios.get(question.name)
    given = ask(found.question, stored_answers.own(desk))
    now = shown_of(given)
    news = news_of(found, ShownAnswer.model_validate_json(found.answer) if found.answer else None, now)
    with suppress(desk.cannot_store):  # the answer is given all the same
        desk.scenarios.keep_answer(found, now.model_dump_json())
    return stored_answers.store(given, desk, news=(news,))


def _save(question: ScenarioQuestion, desk: Desk) -> Message:
    """Kept with its answer of now; asked back first where one has the name and `yes` was not said."""
    asks = _written_out(question.asks, desk) if question.asks else _stored(question, desk)
    asked = str(asks)
    before = desk.scenarios.find(question.name)
    if before and not question.sure:
        desk.scenarios.mine(question.name)
        certain = question.model_copy(update={"sure": True, "asks": asks, "number": None})
        return ask_before_replacing(before, asked, str(certain), desk.command)
    answer = shown_of(answered(asks, stored_answers.own(desk)))
    title, about = question.title or _of(before, "title"), question.about or _of(before, "about")
    saved = desk.scenarios.save(question.name, title, about, asked, answer.model_dump_json())
    return saved_view(saved, answer, replaced=before is not None)


def _written_out(asks: CompareQuestion | RecommendQuestion, desk: Desk) -> CompareQuestion | RecommendQuestion:
    """With the defaults of whoever saves it, so that it asks the same whoever asks it again."""
    having = held(desk)
    if isinstance(asks, CompareQuestion):
        options = tuple(filled(option, desk, having, asks.availability).question for option in asks.options)
        return asks.model_copy(update={"options": options})
    return asks.model_copy(update={"about": wherever(asks.about, desk, having, asks.availability).question})


def _of(before: Scenario | None, field: str) -> str:
    """What was said of the version that is replaced."""
    return str(getattr(before, field)) if before else ""


def _stored(question: ScenarioQuestion, desk: Desk) -> Asked:
    """The question of a stored answer: the one of this number, or the asker's last comparison in this channel."""
    if question.number:
        return question_to_keep(desk.answers.get(question.number).question)
    items, _ = desk.answers.search("", limit=LOOKED_AT, offset=0)
    asker = desk.asker
    mine = (one for one in items if one.user_id == asker.user_id and one.channel_id == asker.channel_id)
    last = next((one for one in mine if one.kind == "compare"), None)
    if last is None:
        raise QuestionError("question", NO_LAST)
    return question_to_keep(last.question)


def _remove(question: ScenarioQuestion, desk: Desk) -> Message:
    """Gone, with a button to undo; asked back first where `yes` was not said."""
    if not question.sure:
        return ask_before_removing(desk.scenarios.mine(question.name), desk.command)
    return removed_view(desk.scenarios.remove(question.name))


def _restore(question: ScenarioQuestion, desk: Desk) -> Message:
    return restored_view(desk.scenarios.restore(question.name))


def _list(question: ScenarioQuestion, desk: Desk) -> Message:
    found = desk.scenarios.all()
    start = (question.page - 1) * PAGE
    shown = found[start : start + PAGE]
    if question.page > 1 and not shown:
        raise QuestionError("page", f"There is no page {question.page}. `scenarios` is the first.")
    turn = question.model_copy(update={"page": question.page + 1}) if len(found) > start + PAGE else ""
    return list_view(shown, Page(len(found), str(turn), desk.command))
