"""The one way to say that a schedule was not understood."""

from calculator.errors import QuestionError

FIELD = "schedule"
EXAMPLE = "every monday 09:00 Europe/Berlin"
FORMS = f"Write days, a time and a zone, such as `{EXAMPLE}`, or crontab text, such as `0 9 * * 1 Europe/Berlin`."


def problem(message: str) -> QuestionError:
    """The error with this message."""
    return QuestionError(FIELD, message)
