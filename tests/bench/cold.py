"""A question in a fresh process, against a process that only imports the two libraries it cannot do without."""

import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.bench.results import Result, timed

ROOT = Path(__file__).parents[2]
QUESTION = "7B on RTX4090, 500 tokens, batch 4, 1000 req/h"
NOT_NEEDED = ("slack_bolt", "apscheduler", "genai_prices")
BASELINE = "import pydantic, sqlite_utils"
LOADED = f"import sys; from bot.__main__ import main; main(sys.argv[1:]); print(*sorted({set(NOT_NEEDED)!r} & set(sys.modules)))"


def run(*, quick: bool) -> list[Result]:
    """Medians of alternating runs."""
    with tempfile.TemporaryDirectory() as folder:
        ask = ["ask", "--db", f"{folder}/bench.db", QUESTION]
        pairs = [(_start("-m", "bot", *ask), _start("-c", BASELINE)) for _ in range(4 if quick else 8)][1:]
        loaded = subprocess.run(
            [sys.executable, "-c", LOADED, *ask], cwd=ROOT, capture_output=True, text=True, check=True
        )
    asked, bare = (statistics.median(column) for column in zip(*pairs, strict=True))
    extra = loaded.stdout.splitlines()[-1].split()
    return [
        Result("cold `python -m bot ask`", asked, "ms", BASELINE, bare, 3),
        Result(
            "  libraries loaded without need",
            len(extra),
            "of 3",
            at_most=0,
            note=f"of {', '.join(NOT_NEEDED)}: {', '.join(extra) or 'none'}",
        ),
    ]


def _start(*arguments: str) -> float:
    return timed(lambda: subprocess.run([sys.executable, *arguments], cwd=ROOT, capture_output=True, check=True))
