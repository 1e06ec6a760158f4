"""`make bench`: how fast the bot is, each speed against a baseline of the same run. `--quick` is shorter, `--json` for programs."""

import argparse
import json
import os
import platform
import sys
from pathlib import Path

from tests.bench import calculating, cold, deciding, dispatching, history, idle, load, page, summaries
from tests.bench.results import Result, table


def machine() -> str:
    """The machine that the numbers are from."""
    about = Path("/proc/cpuinfo")
    lines = about.read_text(encoding="utf-8").splitlines() if about.exists() else []
    model = next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.processor()
    )
    return f"{model}, {os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()}, load average {os.getloadavg()[0]:.1f}"


def main() -> int:
    """Measure everything; 1 where a target is missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="five seconds of load instead of sixty, fewer rounds")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args()
    about, results = machine(), list[Result]()
    for measure in (
        calculating.run,
        deciding.run,
        dispatching.run,
        cold.run,
        load.run,
        idle.run,
        history.run,
        summaries.run,
        page.run,
    ):
        results += measure(quick=options.quick)
    if options.json:
        print(json.dumps({"machine": about, "results": [result.as_dict() for result in results]}, indent=2))  # noqa: T201  # a command line
    else:
        print(about, table(results), sep="\n\n")  # noqa: T201  # likewise
    return int(any(result.passed is False for result in results))


if __name__ == "__main__":
    sys.exit(main())
