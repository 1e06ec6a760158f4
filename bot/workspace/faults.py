"""Faults that a person or a test switches on: rate limits, errors, lost replies."""

from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

from bot.workspace.errors import PersonError
from bot.workspace.models import Json

FaultKind = Literal["ratelimited", "server_error", "timeout", "lost_reply", "error"]


@dataclass
class Fault:
    """What happens to the next `times` calls of `method` ("*" for any)."""

    method: str
    kind: FaultKind
    times: int = 1
    retry_after: int = 1
    error: str = "internal_error"
    seconds: float = 60.0


def read_fault(body: Json) -> Fault:
    """Read a fault that someone asked for."""
    _among(get_args(FaultKind), body.get("kind"))
    fault = Fault(**body)
    if fault.times < 1:
        raise PersonError("A fault happens at least once.")
    return fault


def _among(known: tuple[str, ...], kind: Any) -> None:
    if kind not in known:
        raise PersonError(f"There is no fault {kind!r}; there are: {', '.join(known)}.")


class Faults:
    """The faults that are switched on."""

    def __init__(self) -> None:
        self._active: list[Fault] = []

    def add(self, fault: Fault) -> None:
        self._active.append(fault)

    def clear(self) -> None:
        self._active.clear()

    def take(self, method: str) -> Fault | None:
        """Use up one turn of the first fault that applies to this method."""
        for fault in self._active:
            if fault.method in ("*", method):
                fault.times -= 1
                if fault.times <= 0:
                    self._active.remove(fault)
                return fault
        return None

    def listed(self) -> list[Json]:
        return [asdict(fault) for fault in self._active]
