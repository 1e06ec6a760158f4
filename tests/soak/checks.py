"""What must hold for every input, however mutated."""

import traceback
from concurrent.futures import Executor, Future
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from slack_bolt import App, BoltRequest

from bot.bootstrap import web_client
from bot.commands import read
from bot.commands.forms.form import form_question
from bot.service import Service
from bot.settings import Settings
from bot.slack.listeners import register
from calculator.errors import QuestionError
from storage.database import Database
from tests.bench.stand_in import StandIn
from tests.soak.mutation import Mutator
from tests.soak.payloads import PayloadMutator

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


class Inline(Executor):
    """Runs a listener before the dispatch returns, so that what it raises is seen at once."""

    def submit(self, fn, /, *args, **kwargs):
        done = Future()
        done.set_result(fn(*args, **kwargs))
        return done


def read_texts(seed: int, count: int) -> list[str]:
    """The inputs that are not refused politely, or are understood differently when read back."""
    mutator = Mutator(seed)
    return [problem for _ in range(count) if (problem := _text_problem(mutator.text()))]


def _text_problem(text: str) -> str | None:
    try:
        question = read(text)
    except QuestionError:
        return None
    except Exception as error:  # noqa: BLE001  # whatever comes is what is looked for
        return f"{text!r}: {error!r}"
    try:
        again = read(str(question))
    except Exception as error:  # noqa: BLE001  # as above
        return f"{text!r} is {str(question)!r}, and that: {error!r}"
    return None if again == question else f"{text!r} is {str(question)!r}, and that is {str(again)!r}"


def read_views(seed: int, count: int) -> list[str]:
    """The forms that are neither understood nor refused politely."""
    mutator, found = PayloadMutator(seed), []
    for _ in range(count):
        view = mutator.view()
        try:
            form_question(view)
        except QuestionError:
            continue
        except Exception as error:  # noqa: BLE001  # whatever comes is what is looked for
            found.append(f"{view['callback_id']} {view['state']}: {error!r}")
    return found


def dispatch_payloads(seed: int, count: int, folder: Path) -> list[str]:
    """The payloads that reach the error listener."""
    found: list[str] = []
    with StandIn() as slack, Database(folder / "fuzz.db") as database:
        app = _app(slack, database)
        mutator = PayloadMutator(seed, slack.address)
        for _ in range(count):
            payload = mutator.payload()
            caught: list[Exception] = []
            app.error(_noting(caught))
            try:
                app.dispatch(BoltRequest(mode="socket_mode", body=payload))
            except Exception as error:  # noqa: BLE001  # whatever comes is what is looked for
                caught.append(error)
            found += [f"{payload}: {_place(error)} {error!r}" for error in caught]
    return found


def _place(error: BaseException) -> str:
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(last.filename).name}:{last.lineno}"


def _app(slack: StandIn, database: Database) -> App:
    settings = Settings.model_validate({"slack_api_url": slack.api_url, "slack_bot_token": "xoxb-fuzz"})
    app = App(client=web_client(settings), listener_executor=Inline())
    register(app, Service(database, lambda: NOON), "inference")
    return app


def _noting(caught: list[Exception]) -> Any:
    def listener(error: Exception) -> None:
        caught.append(error)

    return listener
