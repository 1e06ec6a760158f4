"""`scenario` and `scenarios`: questions that a channel keeps under a name, asked again, and reported together."""

from bot.commands.scenarios.scenario_question import EXAMPLE, ScenarioQuestion
from bot.desk.command import Command
from bot.desk.desk import Desk
from bot.reply import Message


def answer(question: ScenarioQuestion, desk: Desk) -> Message:
    """A scenario asked again, all of them, what became of a change, or a report."""
    if question.part in {"report", "reference"}:
        from bot.commands.scenarios.scenario_report import reference, report  # noqa: PLC0415  # a whole document is asked for rarely

        return (report if question.part == "report" else reference)(question, desk)
    from bot.commands.scenarios.scenario_kept import kept  # noqa: PLC0415  # only a question about scenarios pays for it

    return kept(question, desk)


SCENARIO = Command(
    ScenarioQuestion,
    answer,
    "Comparisons that this channel keeps by name, asked again and reported together; `scenarios` lists them.",
    (
        EXAMPLE,
        "scenario save support-chatbot 12; title Customer support; about A mid-sized shop answers its customers",
        "scenarios",
        "scenario support-chatbot",
        "scenario remove support-chatbot",
        "scenario report",
        "scenario report support-chatbot, content-api",
        "scenario reference",
        "scenario reference measured",
    ),
)
