"""What changed between two answers to the same question."""

from bot.answers import Kept

NOTHING_CHANGED = "nothing changed."


def changes(old: Kept, new: Kept) -> str:
    """The figures that differ, old and new; or that nothing does."""
    if len(old.figures) != len(new.figures):
        return "the question was understood differently"
    several = len(new.figures) > 1
    found = [
        f"{letter + ': ' if several else ''}{text}"
        for letter, before, after in zip("ABCDEF", old.figures, new.figures, strict=False)
        if (text := _differences(before, after))
    ]
    return "; ".join(found) or NOTHING_CHANGED


def _differences(before: dict[str, str], after: dict[str, str]) -> str:
    names = dict.fromkeys((*before, *after))
    differ = [name for name in names if before.get(name) != after.get(name)]
    return ", ".join(f"{name} {before.get(name, '–')} → {after.get(name, '–')}" for name in differ)
