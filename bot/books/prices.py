"""A workspace's own prices as one person sees and changes them: storage behind the words that commands use."""

from dataclasses import dataclass
from decimal import Decimal

from bot.access.bound import Bound
from calculator.specs.price import OwnRate
from storage.rates import NewRate

MOST_ENDED = 500
"""Prices of the past that are listed, the last to end first."""


@dataclass(frozen=True)
class OwnPriceBook(Bound):
    """Own prices of the asker's workspace."""

    def current(self) -> tuple[OwnRate, ...]:
        """What holds now."""
        return self.tables.rates.current(self.asker.team_id)

    def ended(self) -> tuple[OwnRate, ...]:
        """What held once, the last to end first."""
        return self.tables.rates.ended(self.asker.team_id, MOST_ENDED)

    def set(self, gpu: str, provider: str, usd_per_gpu_hour: Decimal, note: str) -> OwnRate:
        """A price from now on, entered by the asker."""
        new = NewRate(gpu, provider, usd_per_gpu_hour, note)
        return self.tables.rates.set(self.asker.team_id, self.asker.user_id, new, self.now)

    def end(self, number: int) -> OwnRate:
        """A price that holds no longer; NotFound where there is none of this number."""
        return self.tables.rates.end(self.asker.team_id, self.asker.user_id, number, self.now)
