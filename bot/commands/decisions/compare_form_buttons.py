"""The form of a comparison while it is filled in: what its buttons do, with everything kept that was entered."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from bot.commands.decisions.compare_form_opened import drawn
from bot.desk.submitted import Fields, inputs
from bot.reply import Block
from bot.views.decisions.compare_form import FEWEST, LINES, MOST, Entry, Sheet, place
from bot.views.decisions.recommend_form import REQUIRED
from bot.views.kit.form import NOTE, opened_from, origin_of

PRESSED = re.compile(r"(?P<do>add|remove|duplicate|up|down)(?: (?P<entry>\d{1,9}))?")
ORDER = re.compile(r"(?P<ids>\d+(?:,\d+)*)/(?P<made>\d+)")


def pressed(view: Mapping[str, Any], typed: str) -> Block:
    """The form after one of its buttons was pressed, which typed `add`, `remove 2`, `duplicate 2`, `up 2` or `down 2`."""
    button = PRESSED.fullmatch(typed)
    origin = origin_of(view)
    sheet = sheet_in(dict(inputs(view)), origin.subject)
    note = tuple(block for block in view["blocks"] if block.get("block_id") == NOTE)
    before = sheet.model_copy(update={"note": note})
    after = DO[button["do"]](before, int(button["entry"] or 0)) if button else before
    return opened_from(drawn(after), origin)


def sheet_in(fields: Fields, order: str) -> Sheet:
    """What was entered, its options in their order."""
    ordered = ORDER.fullmatch(order)
    ids = [int(one) for one in ordered["ids"].split(",")] if ordered else []
    entries = tuple(
        Entry(id=one, **{name: fields.get(place(name, one), "").strip() for name in Entry.model_fields if name != "id"})
        for one in ids
    )
    return Sheet(
        entries=entries,
        made=int(ordered["made"]) if ordered else 0,
        lines=fields.get(LINES, ""),
        required={field: fields[field] for field in REQUIRED if fields.get(field)},
        choice=fields.get("destination") or "me",
        channel=fields.get("channel", ""),
    )


def added(sheet: Sheet, entry: int = 0) -> Sheet:  # noqa: ARG001  # every button is answered alike
    """One more option, empty and last."""
    return _with_another(sheet, len(sheet.entries), Entry(id=0))


def duplicated(sheet: Sheet, entry: int) -> Sheet:
    """The same option once more, right after it."""
    at = _at(sheet, entry)
    return sheet if at is None else _with_another(sheet, at + 1, sheet.entries[at])


def removed(sheet: Sheet, entry: int) -> Sheet:
    """Without this option, as long as two are left."""
    left = tuple(one for one in sheet.entries if one.id != entry)
    return sheet.model_copy(update={"entries": left}) if len(left) >= FEWEST else sheet


def moved_up(sheet: Sheet, entry: int) -> Sheet:
    """The option before the one that it stood behind."""
    return _moved(sheet, entry, -1)


def moved_down(sheet: Sheet, entry: int) -> Sheet:
    """The option behind the one that it stood before."""
    return _moved(sheet, entry, 1)


DO: Mapping[str, Callable[[Sheet, int], Sheet]] = {
    "add": added,
    "duplicate": duplicated,
    "remove": removed,
    "up": moved_up,
    "down": moved_down,
}


def _at(sheet: Sheet, entry: int) -> int | None:
    return next((at for at, one in enumerate(sheet.entries) if one.id == entry), None)


def _moved(sheet: Sheet, entry: int, by: int) -> Sheet:
    at, entries = _at(sheet, entry), list(sheet.entries)
    if at is None or not 0 <= at + by < len(entries):
        return sheet
    entries[at], entries[at + by] = entries[at + by], entries[at]
    return sheet.model_copy(update={"entries": tuple(entries)})


def _with_another(sheet: Sheet, at: int, like: Entry) -> Sheet:
    if len(sheet.entries) >= MOST:
        return sheet
    new = like.model_copy(update={"id": sheet.made + 1})
    entries = (*sheet.entries[:at], new, *sheet.entries[at:])
    return sheet.model_copy(update={"entries": entries, "made": new.id})
