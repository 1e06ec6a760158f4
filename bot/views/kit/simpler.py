"""The same blocks in simpler forms, for workspaces that refuse the newest ones: data tables, then tables, then text."""

from collections.abc import Iterator, Sequence

from bot.reply import Block
from bot.views.kit.blocks import table_of, without_tables

NATIVE, TABLES, TEXT = range(3)
"""As they are; tables in place of data tables; aligned text in place of tables and charts."""


def forms(blocks: Sequence[Block], known: int = NATIVE) -> Iterator[tuple[int, tuple[Block, ...]]]:
    """Each form from the known one on that differs from those before it, the richest first."""
    every = (tuple(blocks), tuple(map(table_of, blocks)), without_tables(blocks))
    before: tuple[Block, ...] | None = None
    for form in range(known, len(every)):
        if every[form] != before:
            yield form, every[form]
        before = every[form]
