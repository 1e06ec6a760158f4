"""Which deployments: by name, by tag, or those of this channel; all where nothing is said."""

import re
from collections.abc import Sequence

from bot.desk.records import Deployment
from bot.language.grammar import with_hint
from calculator.errors import QuestionError

HERE = re.compile(r"(?:this|the)\s+channel|here", re.IGNORECASE)
ALL = re.compile(r"(?:all|everything|all deployments)?", re.IGNORECASE)
PART = re.compile(r"\s*(?:,|;|\sand\s|\s)\s*", re.IGNORECASE)


def selected(found: Sequence[Deployment], about: str, channel: str = "") -> tuple[Deployment, ...]:
    """Those that the words mean, in their order; a tag as in `team=search`. QuestionError for a name that nothing has."""
    if ALL.fullmatch(about.strip()):
        return tuple(found)
    if HERE.fullmatch(about.strip()):
        return tuple(one for one in found if one.channel_id == channel)
    words = [word for word in PART.split(about.strip()) if word]
    kept = [one for one in found if any(_means(word, one) for word in words)]
    unknown = [word for word in words if not any(_means(word, one) for one in found)]
    if unknown:
        raise _unknown(unknown[0], found)
    return tuple(kept)


def _means(word: str, one: Deployment) -> bool:
    name, sign, value = word.partition("=")
    if not sign:
        return one.name.lower() == word.lower()
    return any(tag.lower() == name.lower() and held.lower() == value.lower() for tag, held in one.tags.items())


def _unknown(word: str, found: Sequence[Deployment]) -> QuestionError:
    known = [one.name for one in found] + sorted({f"{tag}={value}" for one in found for tag, value in one.tags.items()})
    if not known:
        return QuestionError(
            "deployments", "Nothing is tracked yet that you can see here. `track NAME: QUESTION` tracks a deployment."
        )
    unknown = f"“{word}” is neither a tracked deployment nor a tag of one."
    return QuestionError(
        "deployments", with_hint(unknown, word, known, "Write names, tags such as `team=search`, or `this channel`.")
    )
