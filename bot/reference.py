"""The page docs/reference.md: every command, every word of a question, every setting, and what the bot says when it cannot answer.

`python -m bot.reference` writes it from the registries themselves.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.commands import commands
from bot.commands.estimates.estimate_question import EstimateQuestion
from bot.desk.command import Command
from bot.desk.question import Question
from bot.language.field_docs import field_docs
from bot.reply import Message
from bot.settings import TOKEN_PREFIX, Settings
from bot.views.kit import notice
from calculator.errors import QuestionError

PAGE = Path(__file__).parent.parent / "docs" / "reference.md"
COMMAND = "/inference"
VARIABLES = {"prometheus_tokens": f"{TOKEN_PREFIX}…"}
"""Settings that are more than one variable."""
HEAD = """# Reference

Made from the program by `python -m bot.reference`; a test checks that it is current.
"""
SAID: Sequence[tuple[str, Message]] = (
    (
        "Something was not understood",
        notice.misunderstood(
            QuestionError("hardware_type", "There is no accelerator “RTX4091”. Did you mean `rtx-4090`?"),
            text="",
            command=COMMAND,
        ),
    ),
    ("A form came too late", notice.cannot_open()),
    ("A form was asked for by a mention", notice.press_to_open("form")),
    ("The bot is not in the channel", notice.cannot_post("C1", "not_in_channel")),
    ("The channel is archived", notice.cannot_post("C1", "is_archived")),
    ("An admin restricted posting there", notice.cannot_post("C1", "restricted_action")),
    ("A file did not arrive", notice.not_uploaded("inference-12.png", "Slack answered storage_limit_reached")),
    ("The bot was restarted before the answer", notice.unanswered("7B on L4", COMMAND, restarted=True)),
    ("Slack did not take the answer", notice.unanswered("7B on L4", COMMAND, restarted=False)),
    ("A guest asks", notice.guests_refused()),
    ("Slack does not say who asks", notice.unknown_person()),
    ("Someone of another organisation asks", notice.foreign()),
    ("The channel is not one of those that an admin named", notice.elsewhere(["C1"])),
    (
        "The database cannot be used",
        notice.storage_failed(
            Exception("The stored answers cannot be reached: the database is locked by another process")
        ),
    ),
    ("Something would be posted to another person", notice.nobody_else()),
    ("Another organisation would read it", notice.read_outside("C1", "anyway share 12 in <#C1>")),
    ("A search of the whole catalog takes long", notice.searching()),
    ("Anything else: a bug", notice.failed("1a2b3c4d")),
)
"""What people are told when they get no answer, each as the program says it."""


def page() -> str:
    """The whole page."""
    return "\n".join([HEAD, *_commands(), *_words(), *_settings(), *_said()])


def _commands() -> Iterator[str]:
    yield "## Commands\n"
    for command in commands():
        yield f"### {command.word or 'a question'}\n\n{command.summary}\n"
        yield "\n".join(["```", *(f"{COMMAND} {text}" for text in command.usage), "```"]) + "\n"
        if command.question is not EstimateQuestion and (rows := list(_fields(command))):
            yield "\n".join(["| you say | meaning |", "|---|---|", *rows]) + "\n"


def _fields(command: Command[Question]) -> Iterator[str]:
    docs = field_docs(command.question)
    for phrase in command.question.phrases():
        yield f"| `{_cell(phrase.example())}` | {_cell(docs.get(phrase.field, ''))} |"


def _words() -> Iterator[str]:
    yield "## Every word of a question\n\nIn any order; `field=value` works for each too.\n"
    docs = field_docs(EstimateQuestion)
    rows = [
        f"| `{one.field}` | `{_cell(one.example())}` | {_cell(docs.get(one.field, ''))} |"
        for one in EstimateQuestion.phrases()
    ]
    yield "\n".join(["| field | you say | meaning |", "|---|---|---|", *rows]) + "\n"


def _settings() -> Iterator[str]:
    yield "## Settings\n\nVariables of the environment, or lines of `.env` where `make` starts the bot.\n"
    docs = field_docs(Settings)
    rows = [
        f"| `{VARIABLES.get(name, name.upper())}` | {_cell(docs[name])} | {_default(one.default)} |"
        for name, one in Settings.model_fields.items()
    ]
    yield "\n".join(["| variable | meaning | default |", "|---|---|---|", *rows]) + "\n"


def _default(value: object) -> str:
    return "" if value in (None, (), {}) else f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _said() -> Iterator[str]:
    yield "## What it says when it cannot answer\n"
    rows = [f"| {when} | {_cell(message.text)} |" for when, message in SAID]
    yield "\n".join(["| when | the person reads |", "|---|---|", *rows]) + "\n"


def _cell(text: str) -> str:
    """The text within a cell of a table."""
    shown = " ".join(text.split()).replace("<#C1>", "#channel").replace("|", "\\|")
    return shown.replace("<", "&lt;").replace(">", "&gt;")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
