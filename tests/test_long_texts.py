"""No text freezes the bot: its time grows at most with the length of the text, and a question's length has an end."""

import ast
import logging
import re
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib import import_module

import pytest

from bot.commands import command, read
from bot.commands.team.calibrate import printed
from bot.commands.team.calibrate_question import CalibrateQuestion
from bot.commands.thread_follow_up import follow
from bot.desk.registry import ENTRY_OF, FILES
from bot.language.cleaning import MOST
from bot.operating.logs import Redacting
from calculator.errors import QuestionError
from tests.test_architecture import modules, parsed

METHODS = ("match", "fullmatch", "search", "sub", "split", "finditer", "findall")
PIECES = (
    "7 ", " ", "a", "A", "1", "0.", ",", ", ", "\n", " \n", "-", "a-", "(", '{"a":{', '"', "'", "a=", "vs ", "$", "%", "<",
    "x1", "1x", "1 a ", "a b ", "yes ", "page 1 ", "::", "?!", "é", "`", "/", "@", "1,", "1.", ";", "_", "in ", "10:00-", "*",
    "=", "{", "[", "png ", "\t", "#1 ", "https://a/", "7B on H100 ", "batch 4, ", "<#C1|a> ", "&amp;",
)  # fmt: skip
"""What a long text may be made of."""
SHORT, LONG = 1_500, 6_000
GROWTH = 6
"""Four times the text may take a little more than four times as long; what looks at every pair takes sixteen."""
TOO_SHORT_TO_TELL_S = 0.002
BUDGET_S = 1.0
"""Of CPU, for whatever Slack lets through; the slowest takes 0.45 s."""


def patterns() -> Iterator[tuple[str, Callable[[str], object]]]:
    """Every compiled pattern at the top of a module, with each way in which the module uses it."""
    for name, path in modules().items():
        if name.startswith("bot.workspace") or name.endswith("__main__"):
            continue
        held = vars(import_module(name))
        used = {
            (node.value.id, node.attr)
            for node in ast.walk(parsed(path))
            if isinstance(node, ast.Attribute) and node.attr in METHODS and isinstance(node.value, ast.Name)
        }
        for one, method in sorted(used):
            if isinstance(pattern := held.get(one), re.Pattern):
                yield f"{name}.{one}.{method}", using(pattern, method)


def using(pattern: re.Pattern[str], method: str) -> Callable[[str], object]:
    if method == "sub":
        return lambda text: pattern.sub("", text)
    if method == "finditer":
        return lambda text: list(pattern.finditer(text))
    return getattr(pattern, method)


def spent(work: Callable[[str], object], text: str) -> float:
    """CPU seconds of what may be refused."""
    began = time.process_time()
    with suppress(QuestionError):
        work(text)
    return time.process_time() - began


def over_budget(work: Callable[[str], object], start: str, length: int) -> list[tuple[str, float]]:
    """The texts that take too long; the better of two counts, since others use the machine too."""
    texts = [start + text for text in long_texts(length - len(start))]
    slow = [text for text in texts if spent(work, text) > BUDGET_S]
    return [(text[:40], took) for text in slow if (took := spent(work, text)) > BUDGET_S]


def long_texts(length: int) -> Iterator[str]:
    for piece in PIECES:
        body = (piece * (length // len(piece) + 1))[:length]
        yield from (body, f"7B{body}zz~")


def grows_too_fast(work: Callable[[str], object]) -> list[str]:
    found = []
    for short, long in zip(long_texts(SHORT), long_texts(LONG), strict=True):
        took = min(spent(work, long), spent(work, long))
        if took > TOO_SHORT_TO_TELL_S and took > GROWTH * max(min(spent(work, short), spent(work, short)), 1e-6):
            found.append(f"{long[:12]!r}: {took:.3f} s")
    return found


def test_no_pattern_takes_longer_than_its_text_is_long():
    found = {name: slow for name, work in patterns() if (slow := grows_too_fast(work))}
    assert found == {}


def test_a_log_line_of_addresses_is_cleared_in_as_long_as_it_is():
    log = Redacting("%(message)s")
    assert grows_too_fast(lambda text: log.format(logging.LogRecord("x", 20, "x", 1, text, None, None))) == []


@pytest.mark.parametrize("word", ENTRY_OF)
def test_the_longest_question_of_each_command_is_read_within_the_budget(word):
    assert over_budget(read, f"{word} " if word else "7B ", MOST) == []


@pytest.mark.parametrize(
    "start", ["usage a\n", "usage a ", "calibrate 7B on L4\n", "calibrate 7B on L4 ", "model a\n", "model ", "model {"]
)
def test_what_is_pasted_in_the_longest_message_is_read_within_the_budget(start):
    def take(text: str) -> None:
        if isinstance(question := read(text), CalibrateQuestion):
            printed(question)

    assert over_budget(take, start, 40_000) == []


@pytest.mark.parametrize("word", [word for word in ENTRY_OF if word not in FILES])
def test_a_text_longer_than_a_question_is_refused_and_says_how_long_one_may_be(word):
    with pytest.raises(QuestionError, match="characters, and a question has 4,000 at most") as refused:
        read(f"{word} {'7B on H100 ' * 400}")
    assert refused.value.field == "question"


def test_a_follow_up_longer_than_a_question_is_none():
    assert follow("fp8 " * 2_000, desk=None) is None


def test_a_question_of_the_longest_length_is_read():
    text = "7B on RTX4090, 500 tokens, batch 4"
    assert read(text + " " * (MOST - len(text))) == command("").question.from_text(text)
