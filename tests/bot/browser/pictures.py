"""`make pictures`: writes the README's pictures anew, by using the bot in the local workspace."""

import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Browser, Locator

from bot.bootstrap import read_manifest
from bot.workspace import Workspace
from bot.workspace.client import WorkspaceClient
from tests.bot.browser.window import Window, chromium, find_chromium
from tests.bot.conftest import Clocked

DOCS = Path(__file__).parent.parent.parent.parent / "docs"
STARTS_AT = datetime(2026, 11, 22, 20, tzinfo=UTC)
"""A Sunday; the pictures show the same day whenever they are made."""
WIDTH, HEIGHT = 1120, 860


def main() -> int:
    """Write every picture; 2 where there is no Chromium."""
    path = find_chromium()
    if path is None:
        print("There is no Chromium here: install it, or say where it is with CHROMIUM=PATH.", file=sys.stderr)  # noqa: T201
        return 2
    with chromium(path) as browser:
        for name, scene in SCENES.items():
            with window(browser) as ada:
                scene(ada).screenshot(path=DOCS / f"{name}.png")
            print(DOCS / f"{name}.png")  # noqa: T201  # a command line
    return 0


@contextmanager
def window(browser: Browser) -> Iterator[Window]:
    """A window on a workspace of its own, with the bot in it."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Workspace(read_manifest("inference"), starts_at=STARTS_AT) as workspace,
    ):
        place = Clocked(workspace, WorkspaceClient(workspace.url), None, Path(folder) / "inference.db")
        place.start()
        place.bot.welcome("#general")
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, device_scale_factor=1.5)
        yield Window(page, workspace.url)
        page.close()
        workspace.on_move = None
        workspace.stop()
        place.bot.stop()


def welcome(ada: Window) -> Locator:
    ada.message("Five things to try")
    return ada.page.locator("body")


def answer(ada: Window) -> Locator:
    ada.type("/inference 7B on RTX4090, 500 tokens, batch 4, 1000 req/h")
    ada.message("Kept per month")
    return ada.whole("Kept per month")


def comparison(ada: Window) -> Locator:
    ada.press(ada.message("Five things to try"), "Compare")
    return ada.whole("Dollars a month")


def form(ada: Window) -> Locator:
    ada.page.set_viewport_size({"width": WIDTH, "height": 1700})
    ada.type("/inference form llama-3.1-70b fp8 on 2xH100, 1k in 300 out, 20 concurrent")
    return ada.form("Inference estimate")


def summary(ada: Window) -> Locator:
    ada.page.set_viewport_size({"width": 1360, "height": HEIGHT})
    ada.go("llm-costs")
    ada.type("/inference samples")
    ada.message("sample")
    ada.type("/inference schedule every monday 09:00 America/New_York in #llm-costs")
    ada.message("Schedule 1")
    ada.move_clock("1 day")
    ada.page.get_by_role("button", name="Inspector").click()
    return ada.whole("Model costs")


def home(ada: Window) -> Locator:
    summary(ada)
    ada.go("inference")
    ada.page.get_by_role("tab", name="Home").click()
    ada.page.locator("#home").get_by_text("Your deployments").wait_for()
    ada.page.set_viewport_size({"width": WIDTH, "height": 1000})
    return ada.page.locator("body")


SCENES: dict[str, Callable[[Window], Locator]] = {
    "welcome": welcome,
    "answer": answer,
    "comparison": comparison,
    "form": form,
    "summary": summary,
    "home": home,
}

if __name__ == "__main__":
    sys.exit(main())
