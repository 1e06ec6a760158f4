"""The form that enters a measurement."""

from bot.reply import Block
from bot.views.kit.form import TextInput, file_input, modal, text_input

QUESTION = TextInput(
    "question",
    "What was measured",
    "Model, precision, hardware, engine; with figures of your own also tokens and batch.",
    "llama-3.1-8b fp8 on 2xL4, 512 in, 128 out, batch 8",
    required=True,
    lines=True,
)
FIGURES = TextInput(
    "figures",
    "What you measured",
    "One speed or time, or time to the first token and per token after it.",
    "ttft 180ms, tpot 24ms",
)
TABLE = TextInput(
    "table",
    "Or paste what a benchmark printed",
    "Text or JSON of vllm bench serve, llama-bench or genai-perf; lengths and batch are in it.",
    "============ Serving Benchmark Result ============",
    lines=True,
)


def calibrate_form(about: str) -> Block:
    """Say what was measured, paste it, or attach it."""
    blocks = [
        text_input(QUESTION, about),
        text_input(FIGURES),
        text_input(TABLE),
        file_input("calibrate", "Or its file", "The same as a file, 2 MiB at most."),
    ]
    return modal("calibrate", "What you measured", blocks, "Keep")
