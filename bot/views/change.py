"""What changed between two answers to the same question."""

from bot.answers import Answer, CompareAnswer, OneAnswer
from bot.views.rows import rows


def changes(old: Answer, new: Answer) -> str:
    """The figures that differ, old and new; or that nothing does."""
    if isinstance(old, CompareAnswer) and isinstance(new, CompareAnswer):
        pairs = list(zip("ABCDEF", old.options, new.options, strict=False))
        found = [f"{letter}: {text}" for letter, before, after in pairs if (text := _one(before, after))]
    elif isinstance(old, CompareAnswer) or isinstance(new, CompareAnswer):
        found = ["the question was understood differently"]
    else:
        found = list(filter(None, [_one(old, new)]))
    return "; ".join(found) if found else "nothing changed."


def _one(old: OneAnswer, new: OneAnswer) -> str:
    before = {what: figure for what, figure, _ in rows(old)}
    after = {what: figure for what, figure, _ in rows(new)}
    names = dict.fromkeys((*before, *after))
    differ = [name for name in names if before.get(name) != after.get(name)]
    return ", ".join(f"{name} {before.get(name, '–')} → {after.get(name, '–')}" for name in differ)
