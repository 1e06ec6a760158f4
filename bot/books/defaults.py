"""Defaults as one person has and sets them: storage behind the words that commands use."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.access.bound import Bound
from bot.access.owners import must_be_admin
from storage.defaults import WORKSPACE, Default


@dataclass(frozen=True)
class DefaultBook(Bound):
    """The defaults of the asker, and of their workspace."""

    def current(self) -> dict[str, Default]:
        """What holds for the asker, by its name: their own, else the workspace's."""
        return {one.name: one for one in self.all()}  # their own come last

    def all(self) -> tuple[Default, ...]:
        """The workspace's, then the asker's own."""
        return self.tables.defaults.of(self.asker.team_id, self.asker.user_id)

    def change(self, values: Mapping[str, str | None], *, workspace: bool) -> None:
        """Set each by its name, or drop it where it is None; only an admin changes the workspace's."""
        if workspace:
            self.must_be_admin()
        whose = WORKSPACE if workspace else self.asker.user_id
        self.tables.defaults.change(self.asker.team_id, whose, values, self.asker.user_id, self.now)

    def must_be_admin(self) -> None:
        """QuestionError where the asker may not change the workspace's."""
        sentence = "Only a workspace admin sets the workspace's defaults. Without `workspace` you set your own."
        must_be_admin(self.asker, self.people, "defaults", sentence)
