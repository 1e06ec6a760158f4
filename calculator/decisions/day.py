"""How the requests of a day come: an average, and a peak for some hours, so that the day has the average."""

import math

from calculator.errors import QuestionError

PEAK_HOURS = 4.0
"""Hours a day that a peak lasts where nothing else is said."""
WORKING_DAYS = 22
"""Days of a month over which fewer than 24 hours a day are spread."""
ROUNDING = 1e-9


def hours_a_day(hours_per_month: float) -> float:
    """Hours of a day that are paid for: 24, or fewer on 22 working days."""
    return min(24.0, hours_per_month / WORKING_DAYS)


def peak_hours_of(peak_factor: float, hours_per_month: float, said: float | None = None) -> float:
    """Hours a day that the peak lasts: as said, else four or as many as the day's requests allow.

    QuestionError where the peak alone would be more than the day's requests.
    """
    day = hours_a_day(hours_per_month)
    most = day / peak_factor
    if said is not None and said > most * (1 + ROUNDING):
        raise QuestionError(
            "peak_hours",
            f"{peak_factor:g} times the average for {said:g} of {day:.3g} hours is more than the whole day's requests. "
            f"Say at most `peak {math.floor(most * 100) / 100:g} hours a day`, or a lower peak.",
        )
    return min(said or PEAK_HOURS, most)
