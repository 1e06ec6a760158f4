"""Tracked deployments with a source, for the tests of what fetches from it."""

from datetime import UTC, datetime
from decimal import Decimal

from bot.settings import Settings
from calculator.spending.terms import Terms
from storage.database import Database
from storage.deployment_records import NewDeployment
from storage.deployments import Deployments
from storage.sources import Sources, UsageSource

TEAM, OWNER = "T1", "U1"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def track(database: Database, name: str, url: str, now: datetime, **changes: object) -> int:
    """The number of a deployment whose usage is fetched from the address, for the first time now."""
    terms = Terms(
        hosted=False,
        name="7B on L4",
        model="llama-2-7b",
        input_tokens=400,
        output_tokens=100,
        usd_per_gpu_hour=Decimal(1),
    )
    new = NewDeployment(
        team_id=TEAM,
        name=name,
        user_id=OWNER,
        channel_id="C1",
        private=False,
        question="7B on L4",
        spelled_out="7B on L4",
    )
    number = Deployments(database).add(new, terms, LONG_AGO, LONG_AGO).id
    values = {"deployment_id": number, "url": url, "engine": "vllm", "next_fetch_at": now} | changes
    Sources(database).set(TEAM, UsageSource.model_validate(values), OWNER, now)
    return number


def settings(*urls: str, **tokens: str) -> Settings:
    """Settings under which these addresses may be fetched, with these tokens."""
    return Settings.model_validate({"prometheus_urls": urls, "prometheus_tokens": tokens})
