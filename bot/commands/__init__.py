"""One file per command; the registry; and the one reader of text."""

import re
from typing import TypeGuard

from bot.commands.accuracy import ACCURACY
from bot.commands.alerts import ALERTS, CHANNELS, REPOST
from bot.commands.base import Command, Question
from bot.commands.break_even import BREAK_EVEN
from bot.commands.calibrate import CALIBRATE, CALIBRATIONS
from bot.commands.catalog import CATALOG
from bot.commands.compare import COMPARE
from bot.commands.compare_question import VERSUS
from bot.commands.deployment import DEPLOYMENT
from bot.commands.deployments import DEPLOYMENTS
from bot.commands.estimate import ESTIMATE
from bot.commands.estimate_question import EstimateQuestion
from bot.commands.form import FORM, OPENED
from bot.commands.help import HELP
from bot.commands.history import HISTORY
from bot.commands.launch import LAUNCH
from bot.commands.model import MODEL
from bot.commands.model_question import MEANT
from bot.commands.prices import PRICES
from bot.commands.recommend import RECOMMEND
from bot.commands.recommend_question import RecommendQuestion
from bot.commands.scenario import SCENARIO
from bot.commands.schedule import SCHEDULE, SCHEDULES
from bot.commands.stored import STORED
from bot.commands.summary import SUMMARY
from bot.commands.track import TRACK
from bot.commands.usage import USAGE
from bot.commands.what_if import WHAT_IF
from bot.grammar import clean
from calculator.errors import QuestionError

COMMANDS: tuple[Command, ...] = (
    ESTIMATE, COMPARE, RECOMMEND, BREAK_EVEN, SCENARIO, FORM, HISTORY, *STORED, LAUNCH, WHAT_IF, TRACK, DEPLOYMENTS, DEPLOYMENT, USAGE, SUMMARY, SCHEDULE, SCHEDULES, ALERTS, CHANNELS,
    REPOST, PRICES, CALIBRATE, CALIBRATIONS, MODEL, CATALOG, ACCURACY, HELP,
)  # fmt: skip
BY_WORD = {command.word: command for command in COMMANDS}
SYNONYMS = {"estimate": "", "break": "break-even", "breakeven": "break-even", "vs": "compare", "edit": "form", "models": "catalog models", "gpus": "catalog gpus", "scenarios": "scenario list",
            "?": "help"}  # fmt: skip
ASKED_WHAT_IF = re.compile(r"\s*what[\s-]*if(?=[\s:,#?…]|$)[\s:,?…]*", re.IGNORECASE)
FIRST_WORD = re.compile(r"\s*(break-even|[a-z?]+)(?=[\s:,]|$)[\s:,]*", re.IGNORECASE)


def read(text: str) -> Question:
    """The question that `text` asks: a command's word first, or else an estimate or a comparison; empty opens the form."""
    if (wondered := _wondered(text)) or not clean(text):
        return wondered or FORM.question.from_text("")
    match = FIRST_WORD.match(text)
    word = match[1].lower() if match else ""
    if word in SYNONYMS and match:
        return read_as(SYNONYMS[word], text[match.end() :])
    if word == MODEL.word and match and MEANT.match(text, match.end(1)):
        return read_as(word, text[match.end(1) :])  # a line break behind the word sets off a file
    if word in BY_WORD and match and word != MODEL.word:
        return read_as(word, text[match.end() :])
    try:
        question = read_as((COMPARE if VERSUS.search(text) else ESTIMATE).word, text)
    except QuestionError as error:
        if wanted := _requirements(text):
            return wanted
        raise _perhaps_a_command(word, error) from error
    return RecommendQuestion(about=question) if _names_nothing(question) else question


def _wondered(text: str) -> Question | None:
    """What `what if`, two words, asks; alone it opens its form."""
    if not (asked := ASKED_WHAT_IF.match(text)):
        return None
    change = text[asked.end() :]
    return WHAT_IF.question.from_text(change) if clean(change) else FORM.question.from_text("whatif")


def _requirements(text: str) -> Question | None:
    """What is required, where the text says nothing else: `chatbot 1000 req/h high quality`."""
    try:
        question = RecommendQuestion.from_text(text)
    except QuestionError:
        return None
    return question if question.said() else None


def _names_nothing(question: Question) -> TypeGuard[EstimateQuestion]:
    """Whether a load or a use is said, and neither a model nor hardware to serve it."""
    about = isinstance(question, EstimateQuestion) and question
    return bool(about and not (about.model_size or about.hardware_type) and (about.use_case or about.requests_per_hour))


def read_as(command: str, rest: str) -> Question:
    """The question of the command, whose word may carry the start of the rest (`catalog models`); one that says nothing opens its form."""
    word, _, start = command.partition(" ")
    if word in OPENED and not clean(rest) and word not in {"deployment", "usage"}:
        return FORM.question.from_text(word)
    question = BY_WORD[word].question.from_text(f"{start} {rest}".strip() if start else rest)
    return question if str(question) else FORM.question.from_text("")


def command_of(question: Question) -> Command:
    """The command that answers the question."""
    return BY_WORD[question.word]


def _perhaps_a_command(word: str, error: QuestionError) -> QuestionError:
    """An unknown first word may be a mistyped command."""
    from rapidfuzz import process  # noqa: PLC0415  # only an error pays for it

    known = [name for name in (*BY_WORD, *SYNONYMS) if len(name) > 2]
    found = process.extractOne(word, known, score_cutoff=75) if len(word) > 2 and word not in BY_WORD else None
    if found:
        return QuestionError("command", f"There is no command “{word}”. Did you mean `{found[0]}`? `help` lists all.")
    return QuestionError(error.field, f"{error.message} `help` shows what can be asked.", error.suggestions)
