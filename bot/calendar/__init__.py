"""When something runs: what people say about days, times and zones, and the instants it means. No clock in here.

Two rules decide about the days on which clocks change:

- Runs at times of the day (`daily 02:30`, `0 */6 * * *`) happen once per local day and time. A time that the clock
  skips runs at the instant it would have had; a time that comes twice runs the first time.
- Runs in every hour (`hourly`, `*/15 * * * *`: every hour is listed) follow real time: they happen whenever the clock
  shows such a minute. So no hour is left out when clocks go forward, and both passes of a repeated hour have their
  runs. Only where clocks change by half an hour (Lord Howe) is one pause a year 90 minutes or 30.
"""

from bot.calendar.reading import Understood, understand
from bot.calendar.runs import Calendar
from bot.calendar.zone_rules import RULES

__all__ = ["RULES", "Calendar", "Understood", "understand"]
