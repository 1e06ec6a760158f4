"""A decision from question to reply: six options compared, and the whole catalog searched, hosted models included."""

import tempfile
from datetime import UTC, datetime
from pathlib import Path

from bot.desk.asker import Asker
from bot.service import Service
from storage.database import Database
from tests.bench.results import Result, median_ms

ASKER = Asker(team_id="T0BENCH001", user_id="U0BENCH001", channel_id="C0BENCH001")
ESTIMATE = "7B on RTX4090, 500 tokens, batch 4, 1000 req/h"
SIX = (
    "compare 7B on RTX4090 vs 13B on A100 vs llama-3.1-8b on L40S vs llama-3.1-70b fp8 on 2xH100 vs qwen3-32b on H100 vs gpt-4o-mini, "
    "500 tokens, 1000 req/h, within 3s, high quality"
)
NEEDS = "recommend chatbot, 1000 req/h, within 2s, high quality, 24/7"


def run(*, quick: bool) -> list[Result]:
    """Each against an estimate of the same service."""
    times = 3 if quick else 15
    with tempfile.TemporaryDirectory() as folder, Database(Path(folder) / "bench.db") as database:
        service = Service(database, lambda: datetime.now(UTC))
        one, six, whole = (
            median_ms(lambda text=text: service.reply(text, ASKER), times, warm_up=2) for text in (ESTIMATE, SIX, NEEDS)
        )
    return [
        Result("six options compared and decided", six, "ms", "one estimate answered and stored", one),
        Result(
            "the whole catalog recommended from",
            whole,
            "ms",
            at_most=1000,
            note="from the question to the stored reply",
        ),
    ]
