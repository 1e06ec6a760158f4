"""A tracked deployment: who runs what, where it may be seen, and what it may cost."""

import json
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from storage.moments import Moment

State = Literal["running", "paused", "retired"]


class NewDeployment(BaseModel):
    """A deployment, before it is stored."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    team_id: str = Field(min_length=1)
    """The workspace."""
    name: str = Field(min_length=1)
    """What people call it; unique, capitals aside, among what is open, and among what is private in a channel."""
    user_id: str = Field(min_length=1)
    """Its owner."""
    channel_id: str
    """Where it was tracked; its alerts go there."""
    channel_name: str = ""
    private: bool
    """Tracked in a private channel or a direct message: never shown elsewhere but to its owner."""
    place_known: bool = True
    """Not where nobody knew what its channel is: then it is private until someone does, or opens it."""
    question: str
    """What it is, as typed."""
    spelled_out: str
    """The same with every alias and default written out."""
    pinned: bool = False
    """Its price stays what it was, whatever the price book says later."""
    budget_usd: Decimal | None = None
    """Dollars a calendar month."""
    tags: Annotated[
        dict[str, str], BeforeValidator(lambda value: json.loads(value) if isinstance(value, str) else value)
    ] = {}
    """Team, cost centre and the like."""

    @property
    def key(self) -> str:
        """Under what its name is the only one: what is private does not meet what is open, or private elsewhere."""
        return f"{self.channel_id} {self.name}" if self.private else self.name


class Deployment(NewDeployment):
    """A tracked deployment."""

    id: int
    """Unique in this database."""
    state: State
    created_at: Moment

    @property
    def subject(self) -> str:
        """What the audit calls it."""
        return f"deployment {self.id}"
