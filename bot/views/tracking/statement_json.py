"""What was spent, for programs: the statement of a summary as JSON."""

from decimal import Decimal
from typing import Any

from calculator.spending.statement import Line, Statement


def export(found: Statement) -> dict[str, Any]:
    """The statement for programs: dollars to the cent."""
    return {
        "from": found.start.isoformat(),
        "to": found.end.isoformat(),
        "month": found.month,
        "cost_usd": _number(found.cost_usd),
        "before_usd": _number(found.before_usd),
        "month_usd": _number(found.month_usd),
        "forecast_usd": _number(found.forecast_usd),
        "budget_usd": _number(found.budget_usd),
        "idle_usd": _number(found.idle_usd),
        "without_price": list(found.unknown),
        "deployments": [_exported(line) for line in found.lines],
    }


def _exported(line: Line) -> dict[str, Any]:
    this = line.this
    return {
        "name": line.name,
        "deployment": line.terms.name,
        "tags": line.tags,
        "running": line.running,
        "hours": float(this.hours),
        "cost_usd": _number(this.cost_usd),
        "planned_usd": _number(this.planned_usd),
        "kept_usd": _number(this.kept_usd),
        "busy_usd": _number(this.busy_usd),
        "busy_planned_usd": _number(this.busy_planned_usd),
        "idle_usd": _number(this.idle_usd),
        "before_usd": _number(line.before.cost_usd),
        "month_usd": _number(line.month_usd),
        "forecast_usd": _number(line.forecast_usd),
        "budget_usd": _number(line.budget_usd),
        "requests": this.usage.requests,
        "input_tokens": this.usage.input_tokens,
        "output_tokens": this.usage.output_tokens,
        "utilization": this.utilization,
        "usd_per_million_tokens": None if this.usd_per_million_tokens is None else float(this.usd_per_million_tokens),
        "saving_usd": _number(line.saving_usd),
        "saving": line.saving or None,
        "price": line.terms.price,
    }


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
