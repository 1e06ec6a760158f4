"""What several questions say in the same words: pages, numbers of answers, a yes, channels, budgets, moments."""

import re
from decimal import Decimal

from bot.language.moments import moment
from bot.language.quantities import Quantity, UnreadableError, choice, decimal, plain

PAGE_WORDS = re.compile(r"(?:^|\s)page\s*[=:]?\s*(\d{1,6})\s*$", re.IGNORECASE)
NUMBER = Quantity("the number of an answer", r"#?\d{1,9}", lambda text: int(text.strip().lstrip("#")), str, "12")
NUMBERED = re.compile(r"#?(\d{1,9})")
"""The number of an answer, where nothing else is said."""
YES = choice("a yes", {"yes": ("sure",)})
CHANNEL = Quantity(
    "a channel",
    r"<#(?-i:[CDGUW][A-Z0-9]+)(?:\|[^>]*)?>|here",
    lambda text: text.strip("<#>").split("|")[0],
    lambda value: value if value == "here" else f"<#{value}>",
    "#llm-costs",
)
LARGEST = Decimal(10) ** 9


def _read_budget(text: str) -> Decimal:
    number = re.sub(r"(?i)(us)?\$|usd|dollars?|/.*|per .*|an? month", "", text).strip()
    try:
        return decimal(number, whole=True)
    except UnreadableError as error:
        raise UnreadableError(f"{error}: write dollars a month, such as $500") from error


BUDGET = Quantity(
    "an amount in dollars a month",
    r"(?:us)?\$?\s?\d[\d,_]*(?:\.\d+)?(?:\s?[km](?![a-z0-9]))?(?:\s?(?:usd|dollars))?"
    r"(?:\s?(?:/|per|an?)\s?(?:month|mo))?",
    _read_budget,
    lambda v: f"${plain(v)} a month",
    "$500 a month",
)
MOMENT = Quantity(
    "a moment",
    r"\d{4}-\d\d-\d\d(?:[T ]\d\d?:\d\d(?::\d\d)?\S*)?",
    lambda text: moment(text, "since"),
    lambda value: value.isoformat().replace("+00:00", "Z"),
    "2026-11-20",
)
