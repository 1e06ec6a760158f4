"""The stored answers as one person sees them from one place: storage behind the words that commands use."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

from bot.access.bound import Bound
from bot.desk.records import StoredAnswer
from storage.comparison_records import NewComparison
from storage.errors import DatabaseLocked
from storage.exports import to_csv, to_json

TRIES = 5
"""Besides the last: an answer that someone waits for is stored, even where others hold the database for a while."""


@dataclass(frozen=True)
class AnswerBook(Bound):
    """Answers of the asker's workspace."""

    def add(
        self,
        kind: Literal["estimate", "compare"],
        question: str,
        spelled_out: str,
        headline: str,
        results: str,
    ) -> StoredAnswer:
        """Store an answer under the workspace's next number."""
        asker = self.asker
        asked = NewComparison(
            team_id=asker.team_id,
            channel_id=asker.channel_id,
            channel_name=asker.channel_name,
            private=asker.private is not False,
            user_id=asker.user_id,
            kind=kind,
            question=question,
            spelled_out=spelled_out,
            headline=headline,
            results=results,
        )
        for _ in range(TRIES):
            with suppress(DatabaseLocked):
                return self.tables.comparisons.add(asked, self.now, asker.thread_ts)
        return self.tables.comparisons.add(asked, self.now, asker.thread_ts)

    def get(self, number: int) -> StoredAnswer:
        """The answer with this number."""
        return self.tables.comparisons.get(self.asker, number)

    def last(self) -> StoredAnswer | None:
        """What was answered last in this thread, to anyone, else the newest answer that the asker got in this channel."""
        return self.in_thread() or self.tables.comparisons.last(self.asker)

    def in_thread(self) -> StoredAnswer | None:
        """What was answered last in this thread, to anyone; None outside of threads."""
        thread = self.asker.thread_ts
        return self.tables.comparisons.last_in_thread(self.asker, thread) if thread else None

    def search(self, words: str, *, limit: int, offset: int) -> tuple[Sequence[StoredAnswer], bool]:
        """A page of what was found, and whether there is more."""
        page = self.tables.comparisons.search(self.asker, words, limit=limit, offset=offset)
        return page.items, page.more

    def delete(self, number: int) -> None:
        """Delete one's own answer."""
        self.tables.comparisons.delete(self.asker.team_id, number, self.asker.user_id, self.now)

    def undelete(self, number: int) -> None:
        """Take the deletion back."""
        self.tables.comparisons.undelete(self.asker.team_id, number, self.asker.user_id, self.now)

    def export(self, form: str) -> tuple[str, int]:
        """All of one's own answers as the text of a file, and how many they are."""
        rows = list(self.tables.comparisons.export(self.asker.team_id, self.asker.user_id))
        write: Callable[..., str] = to_json if form == "json" else to_csv
        return write(rows), len(rows)
