"""The full-text index over comparisons: what is written into it, and how a person's words become a search of it.

Beside the words, each indexed row holds its `scope`: one token for its owner and one for every channel it was shared
in. A search asks for both, so it walks only rows that this person may see, newest first, and stops after a page.
"""

import re
import sqlite3
from typing import Protocol

_COUNTED = re.compile(r"(?<![^\W_])(\d+)x([a-z][a-z0-9]*)(?![^\W_])", re.IGNORECASE)
"""A count glued to a name, as in 8xH100."""


class Viewer(Protocol):
    """Who looks, and from which channel."""

    @property
    def team_id(self) -> str: ...
    @property
    def user_id(self) -> str: ...
    @property
    def channel_id(self) -> str: ...


def parts(text: str) -> str:
    """Words inside the words of a text by which it should be found as well: h100 for 8xH100."""
    return " ".join(sorted({match[2].lower() for match in _COUNTED.finditer(text)}))


def enter(connection: sqlite3.Connection, comparison_id: int) -> None:
    """Index a row as it is now."""
    connection.execute(
        "INSERT INTO comparison_index (rowid, scope, words) SELECT id, scope, words FROM comparison_texts WHERE id = ?",
        (comparison_id,),
    )


def withdraw(connection: sqlite3.Connection, ids_json: str) -> None:
    """Take rows out of the index, before they change: the index must be told what it was given."""
    connection.execute(
        "INSERT INTO comparison_index (comparison_index, rowid, scope, words)"
        " SELECT 'delete', id, scope, words FROM comparison_texts WHERE id IN (SELECT value FROM json_each(?))",
        (ids_json,),
    )


def tidy(connection: sqlite3.Connection) -> None:
    """Merge the index into one piece, in which nothing is left of rows that were taken out."""
    connection.execute("INSERT INTO comparison_index (comparison_index) VALUES ('optimize')")


def expression(viewer: Viewer, words: str) -> str:
    """The search for rows that the viewer may see and that hold every one of the words.

    The last word may be the beginning of one, from three letters: fewer begin too many words to look through.
    """
    own = _token("u", viewer.team_id, viewer.user_id)
    shared = _token("c", viewer.team_id, viewer.channel_id)
    scope = f"scope : ({own} OR {shared})"
    once = dict.fromkeys(reversed(_readable(words).split()))
    terms = [_quoted(word) for word in reversed(once)]
    if not terms:
        return scope
    beginning = " *" if len(terms[-1]) >= len('"abc"') else ""
    return f"{scope} AND words : ({' '.join(terms)}{beginning})"


def _token(kind: str, team_id: str, name: str) -> str:
    """The same text that the view `comparison_texts` makes with hex()."""
    return f'"{kind}{f"{team_id} {name}".encode("utf-8", "replace").hex()}"'


def _readable(words: str) -> str:
    """The words without what SQLite's query parser cannot read: a NUL or half a surrogate pair."""
    return words.replace("\0", " ").encode("utf-8", "replace").decode()


def _quoted(word: str) -> str:
    """A word as a phrase of its parts: nothing in it is an operator any more."""
    return '"' + word.replace('"', '""') + '"'
