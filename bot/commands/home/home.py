"""The Home tab: what someone runs and what it costs, the scheduled summaries, and what to try first."""

from bot.calendar import Calendar
from bot.commands.history.history import HistoryQuestion
from bot.commands.team.defaults import shown
from bot.desk.desk import Desk
from bot.reply import Block
from bot.views.admin.status import Health
from bot.views.home.answers import Answers
from bot.views.home.home import Home, home_view
from bot.views.tracking.schedules import Shown
from calculator.spending.statement import month_of

MOST = 12
PAGE = 5
NEWEST = HistoryQuestion()
"""What is looked at where nothing is searched."""


def home_of(desk: Desk, look: HistoryQuestion = NEWEST, health: Health | None = None) -> Block:
    """The view of the asker's Home tab: their answers as they look at them, and for an admin how the bot is doing."""
    found = desk.deployments.all("running", "paused")
    mine = [one for one in found if one.user_id == desk.asker.user_id]
    month = month_of(desk.now)
    statement = desk.deployments.statement(mine[:MOST], [month_of(month.start).start, month.start, desk.now])
    raised = desk.deployments.alerts(mine[:MOST])
    schedules = [
        Shown(
            schedule=one,
            runs=() if one.paused else tuple(Calendar.from_text(one.spec).next_runs(desk.now, 3)),
            past=tuple(desk.schedules.runs(one)[:1]),
        )
        for one in desk.schedules.all()
    ]
    return home_view(
        Home(
            mine=tuple(mine[:MOST]),
            others=len(found) - len(mine),
            more=max(len(mine) - MOST, 0),
            statement=statement,
            raised=raised,
            schedules=tuple(schedules),
            answers=_answers(desk, look),
            defaults=shown(desk),
            health=health,
        ),
        desk.command,
    )


def _answers(desk: Desk, look: HistoryQuestion) -> Answers:
    """One's own: at home nobody is in a channel, so nothing of others is found. A page that is gone gives the first."""
    items, more = desk.answers.search(look.words, limit=PAGE, offset=(look.page - 1) * PAGE)
    if not items and look.page > 1:
        return _answers(desk, look.model_copy(update={"page": 1}))
    return Answers(items=items, words=look.words, page=look.page, more=more)


def looked(text: str) -> HistoryQuestion:
    """The words and the page of `llama page 2`; the first page of all where the text is empty."""
    return HistoryQuestion.from_text(text) if text else NEWEST
