"""Small builders of Markdown. Text from people or data goes through `escape`; markup is ours alone."""

import json
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

MARKUP = re.compile(r"[\\`*\[|]|~(?=~)|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|<(?=\S)|&(?=#?\w+;)")
STARTS = re.compile(r"^(\d{1,9})(?=[.)](?:\s|$))|^(?=[-+=](?:[\s=-]|$)|>|#{1,6}(?:\s|$))")
"""Where a list, a line, a quotation or a heading would begin."""
EXPONENT = re.compile(r'^( *"\w+": )(-?[\d.]+e-\d+)(,?)$', re.MULTILINE)


def escape(text: str) -> str:
    """Text in one line, shown as it is."""
    return STARTS.sub(r"\1\\", MARKUP.sub(r"\\\g<0>", " ".join(text.split())))


def bullets(lines: Sequence[str]) -> str:
    """A list; each line is Markdown already."""
    return "\n".join(f"- {line}" for line in lines)


def table(rows: Sequence[Sequence[str]]) -> str:
    """A table of plain cells; the first row is its heading."""
    head, *body = [f"| {' | '.join(escape(cell) or '–' for cell in row)} |" for row in rows]
    return "\n".join([head, "|" + " --- |" * len(rows[0]), *body])


def json_block(value: Any) -> str:
    """JSON in a fence, numbers without exponents."""
    text = json.dumps(value, indent=2, ensure_ascii=False).replace("`", "'")
    return f"```json\n{EXPONENT.sub(lambda found: f'{found[1]}{Decimal(found[2]):f}{found[3]}', text)}\n```"
