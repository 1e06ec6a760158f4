"""Help, generated from the commands and the fields."""

from collections.abc import Sequence

from bot.language.plain import some
from bot.reply import Message
from bot.views.help.start import FIRST, first_steps
from bot.views.kit.blocks import actions, button, context, data_table, header, section


def overview(commands: Sequence[tuple[str, str]], command: str) -> Message:
    """What can be asked, with examples to press."""
    lines = [f"`{word}`  {summary}" for word, summary in commands]
    half = -(-len(lines) // 2)
    return Message(
        text=f"Type {command} and a question, such as {FIRST[0].text}. There are {len(commands)} commands.",
        blocks=(
            header("LLM inference calculator"),
            section("Say a model, the hardware and the load, in any order, as you would say it."),
            *first_steps(command),
            section("\n".join(["*Commands*", *lines[:half]])),
            section("\n".join(lines[half:])),
            actions(button("Every word", "words", "help words")),
            context(
                "In a thread, mention me instead of typing the command: `fp8` or `vs 13B on A100` goes on from what was asked there.",
                "`help compare` explains one command.",
            ),
        ),
        data={"commands": [{"command": word, "summary": summary} for word, summary in commands]},
    )


def command_help(
    word: str,
    summary: str,
    usage: Sequence[str],
    fields: Sequence[tuple[str, str]],
    command: str,
) -> Message:
    """One command with its examples."""
    examples = "\n".join(f"`{command} {text}`" for text in usage)
    words = ", ".join(f"`{example}`" for _, example in fields)
    said = [section(f"*It understands*\n{words}")] if words else []
    return Message(
        text=f"{word}: {summary} For example {command} {usage[0]}",
        blocks=(section(f"*{word}*  {summary}"), section(f"*Examples*\n{examples}"), *said),
        data={"command": word, "summary": summary, "examples": list(usage)},
    )


def fields_help(fields: Sequence[tuple[str, str, str]]) -> Message:
    """Every word that a question may hold."""
    rows = [("Field", "As you would say it", "Meaning"), *fields]
    return Message(
        text=f"Every word that a question may hold: {some([example for _, example, _ in fields], 8)}.",
        blocks=(
            section("*Every word that a question may hold*, in any order; `field=value` works for each too."),
            data_table("Every word that a question may hold", rows, 12),
        ),
        data={"fields": [{"field": name, "example": example, "meaning": meaning} for name, example, meaning in fields]},
    )
