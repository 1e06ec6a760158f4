"""What is kept of people and of the workspace, as one person may see, take away and erase it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.access.bound import Bound
from bot.access.owners import must_be_admin
from calculator.errors import QuestionError
from storage.audit import AuditEntry, AuditLine, audit_line
from storage.retention import GONE

SUBJECT = "privacy"
"""What the audit calls exports and erasures."""


@dataclass(frozen=True)
class PrivacyBook(Bound):
    """Everything of the asker's workspace, or of a person in it."""

    def counts(self, person: str) -> Mapping[str, int]:
        """How many rows each table has of the person, or of the workspace where none is named."""
        self._must_see_to(person)
        return self.tables.personal.counts(self.asker.team_id, person)

    def going(self, person: str) -> Mapping[str, int]:
        """Of these, what would be erased; the rest stays for others without the person's id."""
        self._must_see_to(person)
        return self.tables.retention.going(self.asker.team_id, person) if person else self.counts(person)

    def older(self, days: int) -> int:
        """How many answers are older than that."""
        return self.tables.retention.older(self.asker.team_id, self.now - timedelta(days=days))

    def export(self, person: str) -> str:
        """All of it as JSON; the audit has who took it. Nobody takes away another person's."""
        if person not in {"", self.asker.user_id}:
            raise QuestionError("privacy", "Only they export what is theirs. `privacy export` exports yours.")
        self._must_see_to(person)
        text = self.tables.personal.export(self.asker.team_id, person)
        self.tables.audit.add(self.asker.team_id, self._said("exported", person))
        return text

    def erase(self, person: str) -> int:
        """Erase it; gives how many answers went. Whoever erases themselves stands in the audit without their id."""
        self._must_see_to(person)
        retention, team = self.tables.retention, self.asker.team_id
        said = self._said("erased", person)
        return retention.erase_person(team, person, said) if person else retention.erase_team(team, said)

    def audit(self, person: str, about: str, *, limit: int, offset: int) -> tuple[AuditEntry, ...]:
        """The newest changes in the workspace: a person's, or of a subject."""
        sentence = "Only a workspace admin reads the audit. `deployment NAME audit` shows one deployment's."
        must_be_admin(self.asker, self.people, "audit", sentence)
        return self.tables.audit.page(self.asker, person=person, about=about, limit=limit, offset=offset)

    def _must_see_to(self, person: str) -> None:
        """Everyone sees to what is theirs; admins to the rest."""
        if person != self.asker.user_id:
            sentence = "Only a workspace admin does that for the workspace or for someone else. `privacy` is about you."
            must_be_admin(self.asker, self.people, "privacy", sentence)

    def _said(self, what: str, person: str) -> AuditLine:
        """How the audit has it: nobody's id is kept because it was erased."""
        by = GONE if what == "erased" and person == self.asker.user_id else self.asker.user_id
        whose = (
            "everything of the workspace"
            if not person
            else "what is theirs"
            if person == self.asker.user_id
            else "a person"
        )
        return audit_line(SUBJECT, by, self.now, what, "", whose)
