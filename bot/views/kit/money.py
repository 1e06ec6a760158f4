"""Amounts of a bill: to the cent, with their sign where they are a change, and bars of a budget."""

from decimal import Decimal

BAR = 10
"""Characters of a budget's bar."""


def dollars(value: Decimal | None) -> str:
    """$1,234.56; every amount of a statement has its cents, so that what is shown adds up."""
    if value is None:
        return "unknown"
    sign = "−" if value < 0 else ""
    return f"{sign}${abs(value):,.2f}"


def change(now: Decimal | None, before: Decimal | None) -> str:
    """+$12.00 (+11 %); no percentage where there was nothing before."""
    if now is None or before is None:
        return "unknown"
    difference = now - before
    if not difference:
        return "no change"
    sign = "+" if difference > 0 else "−"
    percent = abs(difference) / before * 100 if before else None
    share = "" if percent is None else f" ({sign}{percent:,.0f} %)" if percent >= 1 else " (under 1 %)"
    return f"{sign}${abs(difference):,.2f}{share}"


def bar(used: Decimal, budget: Decimal) -> str:
    """`████████░░ 82 %`; a bar that is overfull is full."""
    share = used / budget if budget else Decimal(0)
    filled = min(int(share * BAR), BAR)
    return f"{'█' * filled}{'░' * (BAR - filled)} {share * 100:,.0f} %"


def per_million(value: Decimal | None) -> str:
    """Dollars per million tokens, three significant figures below ten dollars."""
    if value is None:
        return "–"
    return dollars(value) if value >= 10 else f"${value:.3g}" if "e" not in f"{value:.3g}" else f"${float(value):.2g}"
