from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from storage.comparisons import Comparisons
from storage.database import Database
from tests.storage.fresh import fresh
from tests.storage.samples import NOON, asked


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "bot.db"


@pytest.fixture
def database(path: Path) -> Iterator[Database]:
    with fresh(path) as database:
        yield database


@pytest.fixture
def comparisons(database: Database) -> Comparisons:
    return Comparisons(database)


@pytest.fixture
def ask(comparisons: Comparisons) -> Callable[..., int]:
    """Store a question and return its number."""
    return lambda **changes: comparisons.add(asked(**changes), NOON).number
