"""The bot in the local workspace, seen in real Chromium. Where a test fails its windows are kept as pictures."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.bot.browser.window import Window, chromium, find_chromium
from tests.bot.conftest import Clocked

PICTURES = Path("artifacts")
MONDAY = datetime(2026, 11, 23, 10, tzinfo=UTC)


@pytest.fixture
def workspace_options():
    return {"starts_at": MONDAY}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = find_chromium()
    if path is None:
        pytest.skip("there is no Chromium here: install it, or say where it is with CHROMIUM=PATH")
    with chromium(path) as running:
        yield running


@pytest.fixture
def open_window(browser: Browser, clocked: Clocked, request: pytest.FixtureRequest) -> Iterator[Callable[..., Window]]:
    """Open a window as someone; each has a session of its own."""
    opened: list[Window] = []

    def begin(who: str = "ada", width: int = 1280, height: int = 900, **more: object) -> Window:
        page = browser.new_context(viewport={"width": width, "height": height}, **more).new_page()
        opened.append(Window(page, clocked.workspace.url, who))
        return opened[-1]

    yield begin
    if failed(request.node):
        keep_pictures(request.node.name, opened)
    for window in opened:
        window.page.context.close()
    assert [window.problems for window in opened] == [[] for _ in opened]


@pytest.fixture
def ada(open_window: Callable[..., Window]) -> Window:
    return open_window("ada")


def failed(item: pytest.Item) -> bool:
    return getattr(item, "call_failed", False)


def keep_pictures(name: str, windows: list[Window]) -> None:
    PICTURES.mkdir(exist_ok=True)
    for number, window in enumerate(windows):
        window.page.screenshot(path=PICTURES / f"{name}-{number}.png")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):
    report = yield
    if report.when == "call":
        item.call_failed = report.failed  # type: ignore[attr-defined]
    return report
