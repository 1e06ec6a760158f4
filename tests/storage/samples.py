"""Material of the storage tests."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from calculator.team.measurement import OwnMeasurement
from storage.comparisons import NewComparison
from storage.scenarios import NewScenario

ROOT = Path(__file__).parents[2]
NOON = datetime(2026, 8, 3, 12, tzinfo=UTC)


class Looker(NamedTuple):
    """A person who looks from a channel."""

    team_id: str = "T1"
    user_id: str = "U1"
    channel_id: str = "C1"


def asked(**changes: object) -> NewComparison:
    """A question as the bot would store it, but for the changes."""
    values = {
        "team_id": "T1",
        "channel_id": "C1",
        "channel_name": "llm-costs",
        "private": False,
        "user_id": "U1",
        "kind": "estimate",
        "question": "llama-3.1-70b on 8xH100 4000 tokens",
        "spelled_out": "llama-3.1-70b fp16 weights on 8xH100-SXM 3000 prompt 1000 output vllm",
        "headline": "Fits: 61 % of memory",
        "results": '{"memory": {"total_memory_gb": 391.5}}',
    }
    return NewComparison(**(values | changes))


def measurement(**changes: object) -> OwnMeasurement:
    """A measured operating point, but for the changes."""
    values: dict[str, object] = {
        "model": "llama-2-7b",
        "precision": "bf16",
        "gpu": "rtx-4090",
        "engine": "vllm",
        "input_tokens": 375,
        "output_tokens": 125,
        "batch_size": 4,
        "total_latency_s": 1.2,
        "said": "1.2s",
    }
    return OwnMeasurement.model_validate(values | changes)


def scenario(**changes: object) -> NewScenario:
    """A scenario of a channel, but for the changes."""
    values: dict[str, object] = {
        "team_id": "T1",
        "channel_id": "C1",
        "name": "support-bot",
        "user_id": "U1",
        "about": "A shop answers its customers",
        "question": "compare 7B on L4 vs 13B on A100",
        "answer": '{"verdict": "Take A"}',
    }
    return NewScenario.model_validate(values | changes)


def start(program: str, *arguments: object) -> subprocess.Popen[str]:
    """Run a piece of Python in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", program, *map(str, arguments)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
