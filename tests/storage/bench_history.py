"""How fast a history of 100,000 rows is written and searched. `make bench` calls `run`."""

import random
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from storage.comparisons import Comparisons, NewComparison, insert
from storage.database import Database
from storage.retention import Retention

ROWS = 100_000
BATCH = 1_000
PEOPLE = 200
CHANNELS = 40
START = datetime(2026, 1, 1, tzinfo=UTC)
MODELS = ("llama-3.1-8b", "llama-3.1-70b", "qwen2.5-32b", "mixtral-8x7b", "deepseek-r1", "gemma-2-27b", "phi-4")
GPUS = ("RTX4090", "H100", "A100", "L40S", "MI300X", "B200", "L4")


class Looker(NamedTuple):
    team_id: str
    user_id: str
    channel_id: str


def run() -> dict[str, float]:
    """Milliseconds by what was measured."""
    with tempfile.TemporaryDirectory() as folder, Database(Path(folder) / "bench.db") as database:
        began = time.perf_counter()
        fill(database, ROWS)
        measured = {"insert_all_ms": (time.perf_counter() - began) * 1000}
        comparisons = Comparisons(database)
        heavy = Looker("T1", "U0", "C0")  # asked half of all rows
        light = Looker("T1", "U7", "C7")  # asked one in four hundred
        for name, who in (("heavy", heavy), ("light", light)):
            for label, words in (("no_words", ""), ("one_word", "llama"), ("two_words", "llama-3.1-70b h100")):
                measured |= _percentiles(f"search_{name}_{label}", lambda w=who, t=words: comparisons.search(w, t))
        measured |= _percentiles("search_heavy_rare", lambda: comparisons.search(heavy, "marker77777"))
        measured |= _percentiles("search_page_100", lambda: comparisons.search(heavy, "llama", offset=1000))
        measured |= _percentiles("get", lambda: comparisons.get(heavy, 1))
        measured |= _percentiles("add", lambda: comparisons.add(_asked(random.Random(1), 0), START))
        began = time.perf_counter()
        Retention(database).erase_person("T1", "U7")
        return measured | {"erase_person_ms": (time.perf_counter() - began) * 1000}


def fill(database: Database, rows: int) -> None:
    """Store this many questions of one workspace, in batches; one in a hundred is shared where it was asked."""
    chance = random.Random(7)
    comparisons = Comparisons(database)
    for first in range(0, rows, BATCH):
        with database.transaction() as connection:
            stored = [
                insert(connection, _asked(chance, n), START + timedelta(minutes=n))
                for n in range(first, min(first + BATCH, rows))
            ]
        for row in stored[::100]:
            comparisons.mark_shared(row.team_id, row.number, row.channel_id, START)


def _asked(chance: random.Random, n: int) -> NewComparison:
    model, gpu, count = chance.choice(MODELS), chance.choice(GPUS), chance.choice((1, 2, 4, 8))
    return NewComparison(
        team_id="T1",
        channel_id=f"C{n % CHANNELS}",
        private=False,
        user_id="U0" if n % 2 == 0 else f"U{chance.randrange(1, PEOPLE)}",
        kind="estimate",
        question=f"{model} on {count}x{gpu} 4000 tokens batch {chance.randrange(1, 65)} marker{n}",
        spelled_out=f"{model} fp16 weights on {count}x{gpu} kv fp16 3000 prompt 1000 output vllm cloud median price",
        headline=f"Fits: {chance.randrange(10, 99)} % of memory, {chance.randrange(20, 900)} tokens/s",
        results='{"memory": {"total_memory_gb": 17.2}, "padding": "' + "x" * 1500 + '"}',
    )


def _percentiles(name: str, call: Callable[[], object], times: int = 60) -> dict[str, float]:
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        call()
        taken.append((time.perf_counter() - began) * 1000)
    cuts = statistics.quantiles(taken, n=20)
    return {f"{name}_p50_ms": cuts[9], f"{name}_p95_ms": cuts[18]}
