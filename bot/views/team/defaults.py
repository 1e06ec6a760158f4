"""Defaults shown: each with its value, where that comes from and what it does; and the form that sets them."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from bot.answers.kinds import EstimateAnswer, HostedAnswer
from bot.desk.records import Default
from bot.reply import Block, Message
from bot.views.kit.blocks import actions, button, context, escape, plain_text, section
from bot.views.kit.form import modal

TITLES = {
    "hours": "Hours a month",
    "provider": "Provider",
    "discount": "Discount",
    "zone": "Time zone",
    "currency": "Currency",
}
MEANINGS = {
    "hours": "How many hours of a month hardware is kept.",
    "provider": "Whose price counts for rented cards, where it has one and your team has no price of its own.",
    "discount": "Off the catalog's prices of rented cards; never off a price of your team's own.",
    "zone": "Where you say no time zone: schedules, quiet hours, summaries.",
    "currency": "Answers tell the cost in it too, at your rate. All other figures stay US dollars.",
}
BUILT_IN = {
    "hours": "720",
    "provider": "all, the median",
    "discount": "none",
    "zone": "yours in Slack",
    "currency": "US dollars",
}
EXAMPLES = {"hours": "730", "provider": "aws", "discount": "20%", "zone": "Europe/Berlin", "currency": "EUR at 0.92"}


class Shown(NamedTuple):
    """What is shown of the defaults."""

    own: Mapping[str, Default]
    """The asker's."""
    shared: Mapping[str, Default]
    """The workspace's."""
    prices: int
    """How many prices of its own the team has."""
    admin: bool = False
    news: str = ""
    """What has just become of them."""


def whose(default: Default) -> str:
    """Where a default comes from."""
    return "your default" if default.user_id else "the workspace's default"


def defaults_view(shown: Shown, command: str) -> Message:
    """All of them, each with where it comes from."""
    lines = [_line(name, shown) for name in TITLES]
    text = "; ".join(_plain(name, shown) for name in TITLES)
    news = f"{shown.news} " if shown.news else ""
    shared = button("Edit the workspace's…", "edit-workspace", "form defaults workspace") if shown.admin else None
    reset = button("Reset mine", "reset", "defaults reset") if shown.own else None
    return Message(
        text=f"{news}{text}",
        blocks=(
            section(f"{escape(news)}*Defaults*, taken where a question leaves it out"),
            section("\n".join(lines)),
            section(prices_line(shown.prices), accessory=button("Price book", "prices", "prices")),
            context(
                "What a question says comes first. Answers say which default they took, and are stored with it: a new default "
                f"changes nothing that is stored, tracked or scheduled. `{command} defaults hours 730` sets one."
            ),
            actions(button("Edit…", "edit", "form defaults"), shared, reset),
        ),
        data={"defaults": {name: _data(name, shown) for name in TITLES}, "own_prices": shown.prices},
    )


def prices_line(prices: int) -> str:
    """Prices of the team's own, which are set elsewhere."""
    had = f"{prices} of your team's own, which come first" if prices else "none of your team's own"
    return f"*Prices*: {had}. `prices set H100 $2.10/h` enters one."


def brief(shown: Shown) -> str:
    """All of them in a line, as on a Home tab."""
    return " · ".join(f"{TITLES[name]}: *{escape(_value(name, shown))}*" for name in TITLES)


def defaults_form(values: Mapping[str, str], *, workspace: bool) -> Block:
    """One input for each; an empty one takes the default away."""
    title, subject = ("Workspace's defaults", "workspace") if workspace else ("Your defaults", "")
    fallback = "the program's" if workspace else "the workspace's, else the program's"
    note = context(f"What you leave empty is {fallback}. Prices of your own: `prices set H100 $2.10/h`.")
    return modal("defaults", title, [*(_input(name, values.get(name, "")) for name in TITLES), note], "Keep", subject)


def _input(name: str, value: str) -> Block:
    element: Block = {
        "type": "plain_text_input",
        "action_id": name,
        "placeholder": plain_text(f"e.g. {EXAMPLES[name]}"),
    }
    return {
        "type": "input",
        "block_id": name,
        "optional": True,
        "label": plain_text(TITLES[name]),
        "hint": plain_text(MEANINGS[name]),
        "element": element | ({"initial_value": value} if value else {}),
    }


def _found(name: str, shown: Shown) -> Default | None:
    return shown.own.get(name) or shown.shared.get(name)


def _value(name: str, shown: Shown) -> str:
    found = _found(name, shown)
    return found.value if found else BUILT_IN[name]


def _source(name: str, shown: Shown) -> str:
    found = _found(name, shown)
    if found is None:
        return "not set"
    if found.user_id:
        return f"yours, since {found.since:%Y-%m-%d}"
    return f"the workspace's, since {found.since:%Y-%m-%d} by <@{found.set_by}>"


def _line(name: str, shown: Shown) -> str:
    return f"*{TITLES[name]}*: {escape(_value(name, shown))} ({_source(name, shown)}). {MEANINGS[name]}"


def _plain(name: str, shown: Shown) -> str:
    found = _found(name, shown)
    return f"{TITLES[name]}: {_value(name, shown)} ({whose(found) if found else 'not set'})"


def _data(name: str, shown: Shown) -> dict[str, str | None]:
    found = _found(name, shown)
    origin = "person" if found and found.user_id else "workspace" if found else None
    return {
        "value": found.value if found else None,
        "from": origin,
        "since": found.since.isoformat() if found else None,
    }


def in_currency(answer: EstimateAnswer | HostedAnswer, default: Default | None, option: str = "") -> Sequence[str]:
    """What it costs in another currency, with the rate and its day; nothing where no cost is known."""
    costs = [(what, usd) for what, usd in _costs(answer) if usd is not None]
    if default is None or not costs:
        return ()
    code, _, rate = default.value.partition(" at ")
    amounts = ", ".join(f"{what} {_amount(usd * float(rate))} {code}" for what, usd in costs)
    return (
        f"{f'{option} ' if option else ''}in {code} at {rate} a dollar, rate of {default.since:%Y-%m-%d}, {whose(default)}: {amounts}",
    )


def _costs(answer: EstimateAnswer | HostedAnswer) -> list[tuple[str, float | None]]:
    if isinstance(answer, HostedAnswer):
        best = answer.offers[0] if answer.offers else None
        return [("a month", best.monthly_cost), ("a request", best.cost_per_request)] if best else []
    cost = answer.estimate.cost
    return [
        ("kept a month", cost.provisioned.monthly_cost if cost.provisioned else None),
        ("busy time a month", cost.monthly_cost),
        ("busy time a request", cost.cost_per_request),
    ]


def _amount(value: float) -> str:
    """To the cent from one up, three significant figures below."""
    from bot.views.kit.format import usd  # noqa: PLC0415  # the same digits, without the sign of the dollar

    return usd(value).removeprefix("$")
