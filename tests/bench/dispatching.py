"""A slash command through Bolt in its default mode, against a command that only acknowledges."""

import tempfile
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from slack_bolt import App

from bot.access.people import Strangers
from bot.books.answers import AnswerBook
from bot.bootstrap import THREADS, web_client
from bot.commands import command_of, read
from bot.commands.estimates.resolve import resolve
from bot.commands.estimates.stored_answers import own
from bot.desk.asker import Asker
from bot.service import Service
from bot.settings import Settings
from bot.slack.delivery import Outlet
from bot.slack.listeners import register
from bot.views.answers.answer import answer_view, shown_of
from storage.database import Database
from storage.tables import Tables
from tests.bench.results import Result, median_ms
from tests.bench.stand_in import TEAM, StandIn

QUESTION = "7B on RTX4090, 500 tokens, batch 4, 1000 req/h"
ASKER = Asker(team_id=TEAM, user_id="U0BENCH001", channel_id="C0BENCH001", channel_name="general")
EMPTY = "empty command"


class Finishing(ThreadPoolExecutor):
    """The production pool, which remembers its last work so that one can wait for it."""

    last: Future[Any]

    def submit(self, fn, /, *args, **kwargs):
        self.last = super().submit(fn, *args, **kwargs)
        return self.last


def now() -> datetime:
    return datetime.now(UTC)


def run(*, quick: bool) -> list[Result]:
    """The dispatch, the complete answer, and where the time goes."""
    times = 60 if quick else 300
    with StandIn() as slack, tempfile.TemporaryDirectory() as folder, Database(Path(folder) / "bench.db") as database:
        service = Service(database, now)
        empty = _dispatching(slack, lambda app: app.command("/inference")(_only_ack))
        answering = _dispatching(slack, lambda app: register(app, service, "inference"))
        with empty as (_, empty_finish), answering as (dispatch, finish):
            rounds = _alternating((empty_finish, dispatch, finish), times)
        stages = _stages(slack, database, times)
    baseline, returned, complete = rounds
    return [
        Result("dispatch returns", returned, "ms", EMPTY, baseline, 1.2),
        Result(
            "complete answer",
            complete,
            "ms",
            EMPTY,
            baseline,
            3,
            f"parsed to delivered: {complete - baseline:.1f} ms more",
        ),
        *(Result(f"  {name}", value, "ms") for name, value in stages.items()),
        Result("  all of these", sum(stages.values()), "ms", note="Bolt looks for the ack every 10 ms"),
        Result("one estimate in process", stages["resolve and calculate"], "ms", note="resolve() of a question"),
    ]


def _only_ack(ack: Callable[[], object]) -> None:
    ack()


@contextmanager
def _dispatching(slack: StandIn, register_: Callable[[App], object]):
    """An app in Bolt's default mode: a call that returns with the dispatch, and one that waits for the answer too."""
    settings = Settings.model_validate({"slack_api_url": slack.api_url, "slack_bot_token": "xoxb-bench"})
    with Finishing(THREADS) as pool:
        app = App(client=web_client(settings), listener_executor=pool)
        register_(app)

        def dispatch() -> None:
            assert app.dispatch(slack.slash_command(QUESTION)).status == 200

        def finish() -> None:
            dispatch()
            pool.last.result()

        yield dispatch, finish


def _alternating(calls: tuple[Callable[[], None], ...], times: int) -> list[float]:
    """Medians of the calls, measured in ten turns so that a busy moment touches all of them."""
    turns = [[median_ms(call, times // 10, warm_up=3) for call in calls] for _ in range(10)]
    return [sorted(column)[len(column) // 2] for column in zip(*turns, strict=True)]


def _stages(slack: StandIn, database: Database, times: int) -> dict[str, float]:
    """Where the time of one answer goes."""
    question = read(QUESTION)
    answer = resolve(question)
    answers = AnswerBook(ASKER, now(), Strangers(), Tables(database))
    kept = shown_of(answer)
    service = Service(database, now)
    desk = service.desk(ASKER)
    reply = command_of(question).answer(question, desk)
    settings = Settings.model_validate({"slack_api_url": slack.api_url, "slack_bot_token": "xoxb-bench"})
    outlet = Outlet(web_client(settings), ASKER, service, f"{slack.address}/commands/1")
    stages = {
        "parse": lambda: read(QUESTION),
        "own prices, measurements, models": lambda: own(desk),
        "resolve and calculate": lambda: resolve(question),
        "store": lambda: answers.add(
            "estimate", answer.asked, answer.spelled_out, kept.verdict, kept.model_dump_json()
        ),
        "render": lambda: answer_view(shown_of(answer), number=1),
        "deliver": lambda: outlet.deliver(reply),
    }
    return {name: median_ms(call, times) for name, call in stages.items()}
