"""Moments as people write them: ISO, in UTC where no zone is said."""

from datetime import UTC, datetime

from calculator.errors import QuestionError

YEARS = range(1970, 2201)


def moment(text: str, field: str) -> datetime:
    """The moment in UTC; QuestionError where the text is none."""
    example = (
        f"write {field}=2026-03-07T00:00:00Z"
        if field == "from"
        else f"write {field} 2026-03-07 or {field} 2026-03-07T09:00Z"
    )
    try:
        found = datetime.fromisoformat(text.upper())
    except ValueError as error:
        raise QuestionError(field, f"“{text}” is not a moment: {example}.") from error
    if found.year not in YEARS:
        raise QuestionError(field, f"“{text}” is not between {YEARS[0]} and {YEARS[-1]}: {example}.")
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
