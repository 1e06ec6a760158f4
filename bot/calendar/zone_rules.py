"""The rules of time zones, the newest known: those of the operating system, or of the `tzdata` package where that is newer.

Python takes the system's where there are any, however old: a system of early 2025 sets clocks in Vancouver back in winter,
which they are no more since November 2026.
"""

import zoneinfo
from collections.abc import Sequence
from pathlib import Path

import tzdata  # type: ignore[import-untyped]  # it has no types, and one string is read
from pydantic import BaseModel, ConfigDict

MARK = "# version "
"""How the system's file of all rules begins."""


class ZoneRules(BaseModel):
    """Which rules are used."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str
    """Of the IANA database, such as 2026f; empty where the system does not say its own."""
    source: str
    """Where they are from."""


def system_version(folders: Sequence[str]) -> str:
    """The version of the first folder that holds rules; empty where it does not say."""
    for folder in map(Path, folders):
        if (whole := folder / "tzdata.zi").is_file():
            with whole.open(encoding="utf-8") as file:
                first = file.readline().strip()
            return first.removeprefix(MARK) if first.startswith(MARK) else ""
        if (named := folder / "+VERSION").is_file():
            return named.read_text(encoding="utf-8").strip()
        if (folder / "UTC").is_file():
            return ""
    return ""


def use_newest(folders: Sequence[str], package: str = tzdata.IANA_VERSION) -> ZoneRules:
    """Use the package from now on where the system's rules are older or of no version; says what is used."""
    system = system_version(folders)
    if system >= package:
        return ZoneRules(version=system, source="the operating system")
    zoneinfo.reset_tzpath([])
    zoneinfo.ZoneInfo.clear_cache()
    return ZoneRules(version=package, source="the tzdata package")


RULES = use_newest(zoneinfo.TZPATH)
"""Those of this process: whoever reads a calendar has chosen them."""
