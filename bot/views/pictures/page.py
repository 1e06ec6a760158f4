"""A page to draw on: texts and shapes in their places, measured before anything is painted. Loaded when a picture is asked for."""

import io
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFont

FONTS = Path(__file__).parent / "fonts"
WIDTH, LEAST_HEIGHT, MARGIN = 1920, 1080, 80
INSIDE = WIDTH - 2 * MARGIN
LEADING = 1.35
"""Height of a line, in sizes of its type."""
FINE = 2
"""Painted this many times as large and reduced, for smooth edges."""
INK, SOFT, RULE, TINT, PAPER = "#1a1a1a", "#595959", "#d0d0d0", "#e6f1f8", "#ffffff"
COLOURS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00")
"""Told apart with every common form of colour blindness (Okabe and Ito)."""


class Text(NamedTuple):
    """One line of text: its left upper corner, and the width that it may take."""

    text: str
    x: float
    y: float
    size: int
    room: float
    bold: bool = False
    colour: str = INK


class Box(NamedTuple):
    """A filled rectangle."""

    x: float
    y: float
    right: float
    bottom: float
    colour: str


class Stroke(NamedTuple):
    """A line through points."""

    points: tuple[tuple[float, float], ...]
    colour: str
    thickness: int


Item = Text | Box | Stroke


class Part(NamedTuple):
    """A piece of the page, and where it ends."""

    items: tuple[Item, ...]
    bottom: float


@cache
def font(size: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    """The page's type."""
    name = f"DejaVuSansCondensed{'-Bold' if bold else ''}.ttf"
    return ImageFont.truetype(FONTS / name, size, layout_engine=ImageFont.Layout.BASIC)


def width_of(text: str, size: int, *, bold: bool = False) -> float:
    """How wide a line is, as it is painted."""
    return font(size * FINE, bold=bold).getlength(text) / FINE


def wrapped(text: str, size: int, room: float, *, bold: bool = False) -> list[str]:
    """The text in lines that fit the room; a word that is too long is cut into pieces, none is lost."""
    lines = [""]
    for piece in (piece for word in text.split() for piece in _pieces(word, size, room, bold=bold)):
        longer = f"{lines[-1]} {piece}".strip()
        if width_of(longer, size, bold=bold) <= room:
            lines[-1] = longer
        else:
            lines.append(piece)
    return lines


def _pieces(word: str, size: int, room: float, *, bold: bool) -> list[str]:
    if width_of(word, size, bold=bold) <= room:
        return [word]
    pieces = [""]
    for sign in word:
        if pieces[-1] and width_of(pieces[-1] + sign, size, bold=bold) > room:
            pieces.append("")
        pieces[-1] += sign
    return pieces


def paragraph(text: Text, *, right: bool = False) -> Part:
    """Text in as many lines as it takes, each moved to the right end of its room where `right`."""
    size, room = text.size, text.room
    lines = [line for given in text.text.split("\n") for line in wrapped(given, size, room, bold=text.bold)]
    moved = [room - width_of(line, size, bold=text.bold) if right else 0 for line in lines]
    step = size * LEADING
    items = [
        text._replace(text=line, x=text.x + off, y=text.y + number * step, room=room - off)
        for number, (line, off) in enumerate(zip(lines, moved, strict=True))
    ]
    return Part(tuple(items), text.y + len(lines) * step)


def painted(items: Iterable[Item], height: int) -> bytes:
    """The page as a PNG."""
    image = Image.new("RGB", (WIDTH * FINE, height * FINE), PAPER)
    pen = ImageDraw.Draw(image)
    for item in items:
        _paint(pen, item)
    file = io.BytesIO()
    image.reduce(FINE).save(file, "PNG")
    return file.getvalue()


def _paint(pen: ImageDraw.ImageDraw, item: Item) -> None:
    if isinstance(item, Text):
        where = (item.x * FINE, item.y * FINE)
        pen.text(where, item.text, fill=item.colour, font=font(item.size * FINE, bold=item.bold))
    elif isinstance(item, Box):
        pen.rectangle(_large((item.x, item.y, item.right, item.bottom)), fill=item.colour)
    else:
        points = _large([value for point in item.points for value in point])
        pen.line(points, fill=item.colour, width=item.thickness * FINE, joint="curve")


def _large(values: Sequence[float]) -> list[float]:
    return [value * FINE for value in values]
