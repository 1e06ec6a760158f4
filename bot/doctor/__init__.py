"""`python -m bot doctor`: what keeps the bot from working, or soon will, each in a line with what to do."""

from collections.abc import Iterable, Iterator
from itertools import chain

from bot.doctor.finding import Finding
from bot.settings import Settings

PROBLEM = "problem"


def examine(settings: Settings) -> Iterator[Finding]:
    """Look at everything, one after another: what is here first, then Slack, where there is a token."""
    from bot.doctor import database, here, slack  # noqa: PLC0415  # nothing else needs them

    return chain(here.examine(settings), database.examine(settings.database_path), slack.examine(settings))


def report(findings: Iterable[Finding]) -> int:
    """Print each finding as it comes; gives 1 where there is a problem, else 0."""
    count = 0
    for finding in findings:
        print(finding, flush=True)  # noqa: T201  # the command's output
        count += finding.level == PROBLEM
    return 1 if count else 0
