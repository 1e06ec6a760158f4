"""Help, generated from the commands and the fields."""

from collections.abc import Sequence

from bot.reply import Message
from bot.views.blocks import actions, button, context, header, section, table

FIRST = (
    ("A customer chatbot: does it fit, how fast is it, what does it cost?",
     "7B on RTX4090, 500 tokens, batch 4, 1000 req/h, chat, within 2s"),
    ("Articles: which is better?",
     "compare 13B on A100 vs 7B on A100, 1500 tokens, 100 req/h, content, within 10s"),
    ("A code assistant that stays in the house", "7B int4 on RTX4090 local, 200 tokens, batch 8, 5000 req/h, code, within 500ms"),
    ("A large model on two cards", "llama-3.1-70b fp8 on 2xH100, 1k in 300 out, 20 concurrent"),
    ("A hosted model", "gpt-4o, 1k in 300 out, 1000 req/h"),
)  # fmt: skip


def overview(commands: Sequence[tuple[str, str]], command: str) -> Message:
    """What can be asked, with examples to press."""
    examples = [section(f"{what}\n`{command} {text}`", accessory=button("Try it", f"try-{n}", text))
                for n, (what, text) in enumerate(FIRST)]  # fmt: skip
    listed = "\n".join(f"`{word}`  {summary}" for word, summary in commands)
    return Message(
        text=f"Type {command} and a question, such as {FIRST[0][1]}. Commands: {', '.join(word for word, _ in commands)}",
        blocks=(
            header("LLM inference calculator"),
            section("Say a model, the hardware and the load, in any order, as you would say it."),
            *examples,
            section(f"*Commands*\n{listed}"),
            actions(
                button("Open the form", "form", "form", style="primary"), button("Every word", "words", "help words")
            ),
            context("In a thread, mention me instead of typing the command. `help compare` explains one command."),
        ),
        data={"commands": [{"command": word, "summary": summary} for word, summary in commands]},
    )


def command_help(
    word: str, summary: str, usage: Sequence[str], fields: Sequence[tuple[str, str]], command: str,
) -> Message:  # fmt: skip
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
        text="Every word that a question may hold: " + ", ".join(example for _, example, _ in fields),
        blocks=(
            section("*Every word that a question may hold*, in any order; `field=value` works for each too."),
            table(rows),
        ),
        data={"fields": [{"field": name, "example": example, "meaning": meaning} for name, example, meaning in fields]},
    )
