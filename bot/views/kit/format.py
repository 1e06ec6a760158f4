"""Numbers as people read them: three significant figures, the unit beside them, no float artefacts."""

from datetime import datetime


def count(value: float) -> str:
    """1,234 or 1.5; large numbers grouped."""
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:,.3g}"


def plural(number: int, word: str, words: str = "") -> str:
    """1 deployment, 2 deployments, 2 summaries."""
    return f"{number:,} {word if number == 1 else words or f'{word}s'}"


def usd(value: float | None) -> str:
    """Dollars: cents from one dollar up, three significant figures below."""
    if value is None:
        return "unknown"
    if value and abs(value) < 1:
        return f"${_significant(value)}"
    return f"${value:,.2f}"


def usd_round(value: float | None) -> str:
    """Dollars a month: whole dollars from 100 up."""
    return f"${value:,.0f}" if value is not None and abs(value) >= 100 else usd(value)


def _significant(value: float, digits: int = 3) -> str:
    from decimal import Decimal  # noqa: PLC0415  # a local tool of this one function

    text = format(Decimal(f"{value:.{digits - 1}e}"), "f")
    return text.rstrip("0").ljust(len(text.split(".", maxsplit=1)[0]) + 3, "0") if "." in text else text


def seconds(value: float | None) -> str:
    """48 ms, 1.2 s, 3 min 20 s."""
    if value is None:
        return "unknown"
    if value < 1:
        return f"{value * 1000:.3g} ms"
    if value < 120:
        return f"{value:.3g} s"
    if value < 7200:
        return f"{value // 60:.0f} min {value % 60:.0f} s"
    return f"{value / 3600:,.1f} h"


def gib(value: float) -> str:
    """Memory in the card's own unit."""
    return f"{value:,.1f} GB" if value < 1000 else f"{value:,.0f} GB"


def percent(share: float) -> str:
    """A share from 0 to 1 as a percentage."""
    value = share * 100
    return f"{value:.0f} %" if value >= 10 or value == int(value) else f"{value:.1f} %"


def date(moment: datetime) -> str:
    """A moment as Slack shows it in the reader's own time zone, with UTC where it cannot."""
    return f"<!date^{int(moment.timestamp())}^{{date_short_pretty}} {{time}}|{moment:%Y-%m-%d %H:%M} UTC>"


def between(low: float, high: float, show: "object") -> str:
    """An interval in the unit of its value."""
    return f"{show(low)} to {show(high)}"  # type: ignore[operator]
