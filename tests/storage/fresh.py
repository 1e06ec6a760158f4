"""New databases that are copied instead of made: to make one takes thirty times as long as to copy it."""

import tempfile
from functools import cache
from pathlib import Path

from storage.database import Database


def fresh(path: Path) -> Database:
    """An empty database with its tables."""
    return Database(laid(path))


def laid(path: Path) -> Path:
    """The file of an empty database, for whoever opens it next."""
    path.write_bytes(_empty())
    path.chmod(0o600)
    return path


@cache
def _empty() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "empty.db"
        with Database(path) as database:
            database.checkpoint()
        return path.read_bytes()
