"""The words of `scenario`: names, titles, descriptions, and what is saved under a name."""

import re
from typing import Any

from pydantic import AfterValidator

from bot.commands.decisions.compare_question import CompareQuestion
from bot.commands.decisions.recommend_question import RecommendQuestion
from bot.language.cleaning import clean
from calculator.errors import QuestionError

Asked = CompareQuestion | RecommendQuestion
PARTS = {"list": "list", "save": "save", "add": "save", "remove": "remove", "delete": "remove", "restore": "restore",
         "report": "report", "reference": "reference", "show": "show", "run": "show"}  # fmt: skip
RESERVED = {*PARTS, "all", "and", "page", "yes", "sure"}
"""Words that no scenario is called."""
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,59}")
SAVED = re.compile(rf"({NAME.pattern})(?:\s+#?(\d{{1,9}})|\s*:\s*(.+)|\s+(.+))?", re.DOTALL)
TAIL = re.compile(
    r"(?P<main>.*?)(?:;\s*title\b[:\s]*(?P<title>.*?))?(?:;\s*about\b[:\s]*(?P<about>.*))?", re.DOTALL | re.IGNORECASE
)
"""What is saved, and what is said of it behind semicolons."""
YES = re.compile(r"(?:yes|sure)$", re.IGNORECASE)
TOLD = re.compile(r";\s*(?:title|about)\b", re.IGNORECASE)
MOST_NAMES = 50
WHAT = (
    "A scenario keeps a comparison or a recommendation: `compare 7B on L4 vs 13B on A100, within 2s` or "
    "`recommend chatbot, 1000 req/h, high quality`."
)


def scenario_name(words: str) -> str:
    """The name; QuestionError where it is none."""
    if words and (not NAME.fullmatch(words) or words.lower() in RESERVED):
        slug = re.sub(r"[^A-Za-z0-9_.-]+", "-", words).strip("-.")[:40]
        example = slug if NAME.fullmatch(slug) and slug.lower() not in RESERVED else "support-chatbot"
        raise QuestionError(
            "name", f"“{words[:80]}” is no name of a scenario: letters, digits, dots and dashes, such as `{example}`."
        )
    return words


def scenario_names(names: tuple[str, ...]) -> tuple[str, ...]:
    """Several names, each once."""
    if len(names) > MOST_NAMES:
        raise QuestionError("name", f"Name at most {MOST_NAMES} scenarios, or none for all of the channel.")
    return tuple(dict.fromkeys(map(scenario_name, names)))


def line(field: str, limit: int, without: str = "") -> AfterValidator:
    """Plain text in one line, as it is read back."""

    def tidy(text: str) -> str:
        before = None
        while text != before:
            before, text = text, without_yes(clean(text), told=True)[0].strip(" :;,")
            text = text.replace(without, ",") if without else text
        if len(text) > limit:
            raise QuestionError(field, f"{field} takes {limit} characters at most; you wrote {len(text)}.")
        return text

    return AfterValidator(tidy)


def nowhere(asked: Asked) -> Asked:
    """Without the channel for the answer: a scenario is answered where it is asked for. QuestionError where nothing else is said."""
    if isinstance(asked, CompareQuestion):
        return asked.model_copy(update={"channel": None})
    found = asked.model_copy(update={"about": asked.about.model_copy(update={"channel": None})})
    if str(found) == found.word:
        raise QuestionError("question", WHAT)
    return found


def without_yes(text: str, *, told: bool = False) -> tuple[str, bool]:
    """The text without the `yes` at its end, and whether there was one; where words are told it stands behind a semicolon."""
    ending = text.rstrip()
    match = YES.search(ending)
    before = ending[: match.start()] if match else ""
    rest = before.rstrip(" \t\r\n,")
    if match and rest.endswith(";"):
        return rest[:-1], True
    alone = rest != before or not before
    return (rest, True) if match and alone and not told else (text, False)


def saved(text: str) -> dict[str, Any]:
    """What is saved, under which name, and what is said of it."""
    text, sure = without_yes(text, told=bool(TOLD.search(text)))
    match = TAIL.fullmatch(text)
    assert match is not None
    told = {field: match[field] for field in ("title", "about") if match[field]}
    return {"sure": sure, **told, **_named(match["main"].strip())}


def _named(main: str) -> dict[str, Any]:
    """`NAME`, `NAME 12` or `NAME: QUESTION`."""
    head, colon, _ = main.partition(":")
    match = SAVED.fullmatch(main)
    if match is None:
        return {"name": scenario_name(head.strip() if colon else main)}
    name, number, asked, behind = match.groups()
    if behind and colon:
        scenario_name(head.strip())
    text = asked or behind
    return {
        "name": scenario_name(name),
        "number": int(number) if number else None,
        "asks": question_to_keep(text) if text else None,
    }


def question_to_keep(text: str) -> Asked:
    """The comparison or recommendation that the text asks; QuestionError where it is something else."""
    from bot.commands import read  # noqa: PLC0415  # the registry lists this command too

    question = read(text)
    if isinstance(question, CompareQuestion | RecommendQuestion):
        return question
    raise QuestionError("question", WHAT)
