"""The three sample deployments: what each is, what it did hour by hour, and a budget that shows something."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import ROUND_CEILING, Decimal
from typing import Literal, NamedTuple

from bot.commands.estimates.estimate_question import EstimateQuestion
from calculator.spending.statement import month_of
from calculator.spending.terms import Terms, exact
from calculator.spending.usage import UsageHour, hour_of, moment_of

SINCE = timedelta(days=14)
HOUR = timedelta(hours=1)
SATURDAY = 5
UNEVEN = 11
"""Hours until the small ups and downs repeat."""


class Sample(NamedTuple):
    """A deployment that might be somebody's."""

    name: str
    team: str
    question: str
    """As one would track it."""
    budget: Literal["none", "ample", "tight"]
    busiest: int
    """Requests of the busiest hour."""
    day: tuple[int, ...]
    """Per cent of that in each hour of a weekday, in UTC."""
    weekend: float
    """The share of a weekday that a day at the weekend has."""
    tokens: tuple[int, int]
    """Prompt and output of one request, on average."""


SAMPLES = (
    Sample("support-bot-sample", "support", "llama-3.1-8b on 2xL4 cloud aws, 800 in 200 out, 6000 req/h", "tight", 9000,
           (18, 14, 12, 11, 12, 16, 26, 42, 61, 78, 90, 97, 99, 98, 94, 92, 90, 86, 80, 74, 66, 52, 38, 26), 0.7,
           (780, 190)),
    Sample("code-assistant-sample", "platform",
           "qwen2.5-coder-32b fp8 on H100 cloud lambda, 1500 in 100 out, 2000 req/h",
           "none", 1500, (0, 0, 0, 0, 0, 0, 2, 18, 62, 91, 99, 88, 54, 82, 97, 94, 80, 46, 14, 4, 2, 0, 0, 0), 0.05,
           (1420, 85)),
    Sample("tagging-job-sample", "data",
           "qwen2.5-14b fp8 on L40S cloud runpod, 1500 in 300 out, 32 concurrent, 6000 req/h", "ample", 8000,
           (99, 99, 99, 98, 96, 90, 84, 76, 72, 70, 68, 70, 72, 70, 68, 70, 74, 78, 84, 90, 95, 98, 99, 99), 1.0,
           (1530, 290)),
)  # fmt: skip


def about(sample: Sample) -> EstimateQuestion:
    """What it is."""
    return EstimateQuestion.from_text(sample.question)


def since(now: datetime) -> datetime:
    """Since when they run: two weeks ago at midnight in UTC, so that every day but today's is whole."""
    return now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0) - SINCE


def hours(sample: Sample, now: datetime) -> Iterator[UsageHour]:
    """What it did in each full hour since then; the same whenever it is asked."""
    for hour in range(hour_of(since(now)), hour_of(now)):
        requests = round(sample.busiest * _share(sample, hour))
        prompt, output = sample.tokens
        yield UsageHour(hour=hour, requests=requests, input_tokens=requests * prompt, output_tokens=requests * output)


def _share(sample: Sample, hour: int) -> float:
    """Of the busiest hour: by the time of the day and the day of the week, and a few per cent up or down."""
    moment = moment_of(hour)
    kind = sample.weekend if moment.weekday() >= SATURDAY else 1.0
    uneven = (hour * 7 % UNEVEN - UNEVEN // 2) / 100
    return sample.day[moment.hour] / 100 * kind * (1 + uneven)


def budget(sample: Sample, terms: Terms, now: datetime) -> Decimal | None:
    """Dollars a month, in tens: a tight one is nearly used up by now, an ample one never."""
    if sample.budget == "none" or terms.kept_usd_per_hour is None:
        return None
    month = month_of(now)
    begun = max(now - max(month.start, since(now)), timedelta(days=1))
    lasts = begun / HOUR / 0.95 if sample.budget == "tight" else (month.end - month.start) / HOUR * 1.25
    return (terms.kept_usd_per_hour * exact(lasts) / 10).to_integral_value(ROUND_CEILING) * 10
