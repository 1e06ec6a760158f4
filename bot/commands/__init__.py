"""Commands in families, and the one reader of text. A command and its form are loaded when they are asked for."""

import re
from functools import cache
from importlib import import_module
from typing import TypeGuard

from bot.commands.estimates.estimate_question import EstimateQuestion
from bot.desk.command import Command
from bot.desk.form import Form
from bot.desk.question import Question
from bot.desk.registry import ENTRY_OF, FILES, FORMS, SYNONYMS
from bot.language.cleaning import clean, must_be_short
from bot.language.grammar import VERSUS
from calculator.errors import QuestionError

ASKED_WHAT_IF = re.compile(r"\s*what[\s-]*if(?=[\s:,#?…]|$)[\s:,?…]*", re.IGNORECASE)
FIRST_WORD = re.compile(r"\s*(break-even|[a-z?]+)(?=[\s:,]|$)[\s:,]*", re.IGNORECASE)


@cache
def command(word: str) -> Command[Question]:
    """The command that this word asks; KeyError where there is none."""
    held = vars(import_module(f"bot.commands.{ENTRY_OF[word].file}")).values()
    found = (
        one for value in held for one in (value if isinstance(value, tuple) else (value,)) if isinstance(one, Command)
    )
    return next(one for one in found if one.word == word)


def commands() -> tuple[Command[Question], ...]:
    """Every command, in the order of help."""
    return tuple(map(command, ENTRY_OF))


def form_of(name: str) -> Form:
    """The form of this name; KeyError where there is none."""
    found: Form = import_module(f"bot.commands.{FORMS[name].form}").FORM
    return found


def read(text: str) -> Question:
    """The question that `text` asks: a command's word first, or else an estimate or a comparison; empty opens the form."""
    match = FIRST_WORD.match(text)
    word = match[1].lower() if match else ""
    if word not in FILES:
        must_be_short(text)
    if (wondered := _wondered(text)) or not clean(text):
        return wondered or command("form").question.from_text("")
    if word in SYNONYMS and match:
        return read_as(SYNONYMS[word], text[match.end() :])
    if word == "model" and match and _means_own_model(text, match.end(1)):
        return read_as(word, text[match.end(1) :])  # a line break behind the word sets off a file
    if word in ENTRY_OF and match and word != "model":
        return read_as(word, text[match.end() :])
    try:
        question = read_as("compare" if VERSUS.search(text) else "", text)
    except QuestionError as error:
        if wanted := _requirements(text):
            return wanted
        raise _perhaps_a_command(word, error) from error
    return _recommendation(question) if _names_nothing(question) else question


def names_a_command(text: str) -> bool:
    """Whether the text begins with the word of a command."""
    match = FIRST_WORD.match(text)
    word = match[1].lower() if match else ""
    if word == "model" and match:
        return _means_own_model(text, match.end(1))
    return bool(match) and (word in ENTRY_OF or word in SYNONYMS)


def _means_own_model(text: str, start: int) -> bool:
    """Whether `model` here is the command, and not a word of a question: `model llama-3.1-8b on L4`."""
    from bot.commands.team.model_question import MEANT  # noqa: PLC0415  # only this word needs it

    return MEANT.match(text, start) is not None


def _wondered(text: str) -> Question | None:
    """What `what if`, two words, asks; alone it opens its form."""
    if not (asked := ASKED_WHAT_IF.match(text)):
        return None
    change = text[asked.end() :]
    return (
        command("what if").question.from_text(change) if clean(change) else command("form").question.from_text("whatif")
    )


def _requirements(text: str) -> Question | None:
    """What is required, where the text says nothing else: `chatbot 1000 req/h high quality`."""
    from bot.commands.decisions.recommend_question import RecommendQuestion  # noqa: PLC0415  # rarely said without its word

    try:
        question = RecommendQuestion.from_text(text)
    except QuestionError:
        return None
    return question if question.said() else None


def _recommendation(about: EstimateQuestion) -> Question:
    """What serves this load best."""
    from bot.commands.decisions.recommend_question import RecommendQuestion  # noqa: PLC0415

    return RecommendQuestion(about=about)


def _names_nothing(question: Question) -> TypeGuard[EstimateQuestion]:
    """Whether a load or a use is said, and neither a model nor hardware to serve it."""
    about = isinstance(question, EstimateQuestion) and question
    return bool(about and not (about.model_size or about.hardware_type) and (about.use_case or about.requests_per_hour))


def read_as(words: str, rest: str) -> Question:
    """The question of the command, whose word may carry the start of the rest (`catalog models`); one that says nothing opens its form."""
    word, _, start = words.partition(" ")
    entry = ENTRY_OF[word]
    if entry.opens_form and word == entry.words[0] and not clean(rest):
        return command("form").question.from_text(entry.name)
    question = command(word).question.from_text(f"{start} {rest}".strip() if start else rest)
    return question if str(question) else command("form").question.from_text("")


def word_of(text: str | Question) -> str:
    """The command that a text names, or a question is; empty for an estimate, and where none is named."""
    if isinstance(text, Question):
        return text.word
    match = FIRST_WORD.match(text)
    word = SYNONYMS.get(match[1].lower(), match[1].lower()).partition(" ")[0] if match else ""
    return word if word in ENTRY_OF else ""


def command_of(question: Question) -> Command[Question]:
    """The command that answers the question."""
    return command(question.word)


def _perhaps_a_command(word: str, error: QuestionError) -> QuestionError:
    """An unknown first word may be a mistyped command."""
    from rapidfuzz import process  # noqa: PLC0415  # only an error pays for it

    known = [name for name in (*ENTRY_OF, *SYNONYMS) if len(name) > 2]
    found = process.extractOne(word, known, score_cutoff=75) if len(word) > 2 and word not in ENTRY_OF else None
    if found:
        return QuestionError("command", f"There is no command “{word}”. Did you mean `{found[0]}`? `help` lists all.")
    return QuestionError(error.field, f"{error.message} `help` shows what can be asked.", error.suggestions)
