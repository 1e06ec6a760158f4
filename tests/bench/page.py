"""The local workspace's page on a channel of 1,000 answers: what it is given, and how soon it shows what someone typed."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

from slack_sdk import WebClient

from bot.bootstrap import read_manifest
from bot.workspace import Workspace
from bot.workspace.client import WorkspaceClient
from tests.bench.processes import ROOT
from tests.bench.results import Result, median_ms
from tests.bot.browser.window import Window, chromium, find_chromium

ANSWER = json.loads((ROOT / "tests" / "bot" / "views" / "goldens" / "estimate.json").read_text(encoding="utf-8"))
MANY, FEW = 1000, 60
SHOWN = {"as": "ada", "channel": "C0GENERAL1", "most": 60}


def run(*, quick: bool) -> list[Result]:
    """A full channel against one that holds no more than is shown."""
    times = 5 if quick else 30
    (few, few_typed), (many, many_typed) = (_measured(count, times) for count in (FEW, MANY))
    against = f"a channel of {FEW}"
    given = Result(f"page: screen of a channel of {MANY:,} answers", many, "ms", against, few, at_most=2)
    if few_typed is None or many_typed is None:
        return [given]
    return [
        given,
        Result("page: what is typed there is on the screen", many_typed, "ms", against, few_typed, at_most=2),
    ]


def _measured(count: int, times: int) -> tuple[float, float | None]:
    with _filled(count) as workspace:
        client = WorkspaceClient(workspace.url)
        given = median_ms(lambda: client.call("look", **SHOWN), times, warm_up=3)
        path = find_chromium()
        return given, _typed(workspace, path, times) if path else None


@contextmanager
def _filled(count: int) -> Iterator[Workspace]:
    """A workspace without the bot, its general channel full of answers."""
    with Workspace(read_manifest("inference")) as workspace:
        web = WebClient(token=workspace.bot_token, base_url=workspace.api_url)
        for _ in range(count):
            web.chat_postMessage(channel="C0GENERAL1", text=ANSWER["text"], blocks=ANSWER["blocks"])
        yield workspace


def _typed(workspace: Workspace, path: str, times: int) -> float:
    """From Enter to the message on the screen, the driver's own time included."""
    with chromium(path) as browser:
        window = Window(browser.new_page(), workspace.url, connected=False)
        window.page.locator("#messages article").first.wait_for()
        numbers = iter(range(10_000))

        def say() -> None:
            words = f"typed {next(numbers)}"
            window.type(words)
            window.message(words)

        return median_ms(say, times, warm_up=3)
