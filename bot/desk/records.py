"""What is stored, as values that commands and views pass on: storage's frozen records, each under its one name."""

from storage.audit import AuditEntry, AuditLine
from storage.channels import KnownChannel
from storage.comparison_records import Comparison as StoredAnswer
from storage.defaults import Default
from storage.deployment_records import Deployment, State
from storage.own_models import OwnModel
from storage.posts import Post
from storage.scenarios import Scenario
from storage.schedules import Schedule
from storage.sources import UsageSource

__all__ = [
    "AuditEntry",
    "AuditLine",
    "Default",
    "Deployment",
    "KnownChannel",
    "OwnModel",
    "Post",
    "Scenario",
    "Schedule",
    "State",
    "StoredAnswer",
    "UsageSource",
]
