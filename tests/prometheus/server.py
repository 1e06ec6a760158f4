"""A real Prometheus of one's own, on a free port in a folder of its own, and history for it to begin with."""

import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.prometheus.exporter import Engine, Load, series

MISSING = (
    ""
    if shutil.which("prometheus") and shutil.which("promtool")
    else "prometheus and promtool are not on PATH: apt-get install prometheus"
)
"""Why there can be no Prometheus here; empty where there can."""
START_S = 20.0
_ATTEMPTS = 5
_HOUR = 3600


@contextmanager
def running(folder: Path, *targets: str) -> Iterator[str]:
    """The base address of a Prometheus that serves what lies under the folder and scrapes the targets every second."""
    listed = ", ".join(f"'{target}'" for target in targets)
    config = folder / "prometheus.yml"
    config.write_text(
        "global: {scrape_interval: 1s}\n"
        f"scrape_configs: [{{job_name: engines, static_configs: [{{targets: [{listed}]}}]}}]\n"
    )
    process, url = _start(folder, config)
    try:
        yield url
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def backfill(
    folder: Path,
    engines: Iterable[tuple[Engine, Callable[[int], Load | None]]],
    first: int,
    last: int,
    *,
    step_s: int = 240,
    block_hours: int = 24,
) -> None:
    """Put history under the folder: what each engine does in each hour, counted from 1970, from the first to the last.

    None is a gap, in which nothing is scraped; steps are shorter than the 5 minutes for which a sample counts as the present.
    Hours may lie in the future of the wall clock. Blocks may be of many hours, because
    a Prometheus that serves a month of two-hour blocks starts slowly.
    """
    text = folder / "history.om"
    with text.open("w", encoding="utf-8") as file:
        for engine, plan in engines:
            _write_series(file.write, engine, plan, range(first, last + 1), step_s)
        file.write("# EOF\n")
    subprocess.run(
        [
            "promtool",
            "tsdb",
            "create-blocks-from",
            "openmetrics",
            f"--max-block-duration={block_hours}h",
            text,
            folder / "data",
        ],
        check=True,
        capture_output=True,
    )
    text.unlink()


def _write_series(
    write: Callable[[str], object], engine: Engine, plan: Callable[[int], Load | None], hours: range, step_s: int
) -> None:
    """Samples lie in the middle of each step: a scrape is rarely on the hour, where it would belong to two."""
    names = [series(sample) for sample in engine.samples()]
    for hour in hours:
        load = plan(hour)
        for second in range(0, _HOUR, step_s) if load else ():
            engine.work(load, step_s / 2 / _HOUR)
            moment = hour * _HOUR + second + step_s / 2
            write(
                "".join(
                    f"{one} {value!r} {moment:.0f}\n"
                    for one, (_, _, value) in zip(names, engine.samples(), strict=True)
                )
            )
            engine.work(load, step_s / 2 / _HOUR)


def _start(folder: Path, config: Path) -> tuple[subprocess.Popen[bytes], str]:
    """Another process may take the free port first, so this tries a few."""
    for _ in range(_ATTEMPTS):
        with socket.create_server(("127.0.0.1", 0)) as free:
            address = f"127.0.0.1:{free.getsockname()[1]}"
        process = subprocess.Popen(
            [
                "prometheus",
                f"--config.file={config}",
                f"--storage.tsdb.path={folder / 'data'}",
                f"--web.listen-address={address}",
                "--storage.tsdb.retention.time=100y",
                "--log.level=error",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=folder,
        )
        if _ready(process, f"http://{address}"):
            return process, f"http://{address}"
        process.kill()
        process.wait()
    raise RuntimeError(f"prometheus did not start in {folder}")


def _ready(process: subprocess.Popen[bytes], url: str) -> bool:
    until = time.monotonic() + START_S
    while process.poll() is None and time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"{url}/-/ready", timeout=1):
                return True
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            time.sleep(0.05)
    return False
