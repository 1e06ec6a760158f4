"""Who may change what: what someone made, its owner and a workspace admin; what is everyone's, an admin alone."""

from bot.desk.asker import Asker
from bot.desk.books import People
from calculator.errors import QuestionError


def must_own(asker: Asker, people: People, owner: str, what: str) -> None:
    """QuestionError for anyone but the owner and a workspace admin."""
    if asker.user_id != owner and not people.is_admin(asker.user_id):
        raise QuestionError("owner", f"{what} belongs to someone else: only its owner or a workspace admin changes it.")


def must_be_admin(asker: Asker, people: People, field: str, sentence: str) -> None:
    """QuestionError with the field and the sentence for anyone but a workspace admin."""
    if not people.is_admin(asker.user_id):
        raise QuestionError(field, sentence)
