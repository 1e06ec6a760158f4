"""A window of Chromium on the local workspace's page, and what someone does in it."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Locator, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
HERE_MS = 15_000


def find_chromium() -> str | None:
    """Chromium or Chrome where the system or Playwright installed one; `CHROMIUM` names another."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None) or _playwrights_own()


def _playwrights_own() -> str | None:
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if os.path.exists(path) else None  # noqa: PTH110


@contextmanager
def chromium(path: str) -> Iterator[Browser]:
    """A browser without a screen; root, as in containers, may not have its sandbox."""
    arguments = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        yield browser
        browser.close()


class Window:
    """Someone's window."""

    def __init__(self, page: Page, address: str, who: str = "ada", *, connected: bool = True) -> None:
        self.page = page
        self.problems: list[str] = []
        page.set_default_timeout(HERE_MS)
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("console", lambda said: self.problems.append(said.text) if said.type == "error" else None)
        page.goto(f"{address}?as={who}")
        page.get_by_text("App connected" if connected else "App not connected").wait_for()

    def type(self, text: str) -> None:
        """Type into the composer of the channel, and send."""
        box = self.page.get_by_role("textbox", name="Message")
        box.fill(text)
        box.press("Escape")
        box.press("Enter")

    def go(self, channel: str) -> None:
        """Choose a channel in the sidebar."""
        self.page.get_by_label("Channels and direct messages").get_by_role("button", name=channel).click()
        self.page.get_by_role("heading", level=1, name=channel).wait_for()

    def message(self, containing: str) -> Locator:
        """The newest message with these words, once it is there."""
        found = self.page.locator("#messages article").filter(has_text=containing).last
        found.wait_for()
        return found

    def whole(self, containing: str) -> Locator:
        """The content of the newest message with these words, with the window high enough for all of it."""
        found = self.message(containing)
        height = found.evaluate("one => one.scrollHeight")
        self.page.set_viewport_size({"width": self.page.viewport_size["width"], "height": int(height) + 300})
        return found

    def press(self, where: Locator, label: str) -> None:
        where.get_by_role("button", name=label, exact=True).click()

    def form(self, title: str) -> Locator:
        """The modal with this title, once it is open."""
        found = self.page.get_by_role("dialog").filter(has=self.page.get_by_role("heading", name=title))
        found.wait_for()
        return found

    def move_clock(self, step: str) -> None:
        """Move the clock forward in the inspector; return on arrival."""
        inspector = self.page.get_by_label("Inspector", exact=True)
        if not inspector.is_visible():
            self.page.get_by_role("button", name="Inspector").click()
        button = inspector.get_by_role("button", name=f"Move forward by {step}")
        button.click()
        self.page.wait_for_function("button => !button.disabled", arg=button.element_handle(), timeout=60_000)
