"""The Home tab: what someone runs and what it costs, the scheduled summaries, and what to try first."""

from bot.calendar import Calendar
from bot.commands.base import Desk
from bot.reply import Block
from bot.views.home import Home, home_view
from bot.views.schedules import Shown
from calculator.statement import month_of

MOST = 12


def home_of(desk: Desk) -> Block:
    """The view of the asker's Home tab."""
    found = desk.fleet.all("running", "paused")
    mine = [one for one in found if one.user_id == desk.asker.user_id]
    month = month_of(desk.now)
    statement = desk.fleet.statement(mine[:MOST], [month_of(month.start).start, month.start, desk.now])
    raised = desk.fleet.alarms(mine[:MOST])
    schedules = [
        Shown(
            schedule=one,
            runs=() if one.paused else tuple(Calendar.from_text(one.spec).next_runs(desk.now, 3)),
            past=tuple(desk.agenda.runs(one)[:1]),
        )
        for one in desk.agenda.all()
    ]
    return home_view(Home(mine=tuple(mine[:MOST]), others=len(found) - len(mine), more=max(len(mine) - MOST, 0), statement=statement,
                          raised=raised, schedules=tuple(schedules)), desk.command)  # fmt: skip
