"""`launch 12`: the command that starts what a stored answer chose, with the settings that its estimate assumed."""

from typing import Annotated, ClassVar

from bot.answers.decided import LETTERS
from bot.answers.kinds import AnyAnswer, BreakEvenAnswer, CompareAnswer, HostedAnswer, OneAnswer
from bot.commands.decisions.ask_again import ask
from bot.commands.estimates import stored_answers
from bot.desk.command import Command
from bot.desk.desk import Desk
from bot.desk.numbered import NumberedQuestion
from bot.desk.records import StoredAnswer
from bot.language.phrases import Phrase
from bot.language.quantities import choice
from bot.reply import Message
from bot.views.answers.answer import shown_of
from bot.views.answers.difference import NO_DIFFERENCE, difference_line
from calculator.errors import QuestionError

LETTER = choice("an option", {letter: (f"option {letter}",) for letter in LETTERS})


class LaunchQuestion(NumberedQuestion):
    """Which command starts it?"""

    word: ClassVar[str] = "launch"

    option: Annotated[str | None, Phrase(LETTER, "{}", joint=" ", example="B")] = None
    """The option of a comparison or recommendation; the one that was recommended where none is said."""


def answer(question: LaunchQuestion, desk: Desk) -> Message:
    """The launch line, from the stored question asked anew: the figures of an answer are kept, not its estimate."""
    from bot.views.estimates.launch import launch_view, nothing_to_launch  # noqa: PLC0415  # rarely asked
    from calculator.launch.command import launch_line  # noqa: PLC0415

    stored = desk.answers.get(question.number)
    found = ask(stored.question, stored_answers.own(desk))
    option, why = chosen(found, question)
    if isinstance(option, HostedAnswer):
        return nothing_to_launch(option, number=stored.number)
    launch, since = launch_line(option.estimate), _since(stored, found)
    return launch_view(option, launch, number=stored.number, why=why, since=since)


def chosen(found: AnyAnswer, question: LaunchQuestion) -> tuple[OneAnswer, str]:
    """The option that is launched, and why it is this one; QuestionError where there is none of this letter."""
    number, letter = question.number, question.option
    if not isinstance(found, CompareAnswer):
        if letter:
            raise QuestionError("option", f"#{number} has no options. Type `launch {number}`.")
        return (found.own, "It is the side on hardware.") if isinstance(found, BreakEvenAnswer) else (found, "")
    letters = LETTERS[: len(found.options)]
    if letter and letter not in letters:
        raise QuestionError(
            "option",
            f"#{number} has the options {', '.join(letters)}. Type for example `launch {number} {letters[0]}`.",
        )
    picked, why = (letter, f"It is option {letter}.") if letter else _best(found)
    return found.options[LETTERS.index(picked)], why


def _best(found: CompareAnswer) -> tuple[str, str]:
    """The winner, or where nothing meets everything what comes closest."""
    winner = found.decision.winner
    if winner:
        return winner.option.name, f"It is option {winner.option.name}, the one to take."
    closest = found.decision.ranked[0].option.name
    return closest, f"It is option {closest}, which comes closest; no option meets everything."


def _since(stored: StoredAnswer, found: AnyAnswer) -> str:
    """What prices and catalog have changed since the answer was stored."""
    changed = difference_line(stored_answers.shown_in(stored), shown_of(found))
    if changed == NO_DIFFERENCE:
        return f"Computed anew: nothing has changed since #{stored.number}."
    return f"Computed anew; since #{stored.number}: {changed}"


LAUNCH = Command(
    LaunchQuestion,
    answer,
    "The command that starts what a stored answer chose: vLLM, SGLang, TensorRT-LLM, llama.cpp or TGI.",
    ("launch 12", "launch 12 B"),
)
