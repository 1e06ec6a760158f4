"""Options of the whole test run."""

import os
from zlib import crc32

import hypothesis
import pytest

from storage.database import Database

pytest_plugins = ["bot.workspace.fixtures"]

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # a worker a core: more threads only wait for each other

hypothesis.settings.register_profile("ci", derandomize=True, deadline=None)
hypothesis.settings.register_profile("here", deadline=None)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "here")


LONG = {"soak", "browser", "test_long_texts.py", "test_summaries_end_to_end.py"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long ones begin first, so that none is waited for at the end; then modules that wait beside some that calculate."""
    items.sort(
        key=lambda item: (LONG.isdisjoint(item.path.parts), crc32(bytes(item.path.relative_to(item.config.rootpath))))
    )


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Databases opened from now on wait for another process a tenth of a second, not five."""
    monkeypatch.setitem(Database.__init__.__kwdefaults__, "busy_timeout_s", 0.1)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--refresh-goldens", action="store_true", help="write the golden payloads anew")
