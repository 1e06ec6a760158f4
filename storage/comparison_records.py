"""What a stored question looks like to the rest of the program."""

from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from storage.moments import Moment


class NewComparison(BaseModel):
    """A question and its answer, before it is stored."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    team_id: str = Field(min_length=1)
    """The workspace."""
    channel_id: str
    """Where it was asked."""
    channel_name: str = ""
    """The channel's name, where Slack told it."""
    private: bool
    """Asked in a private channel or a direct message."""
    user_id: str = Field(min_length=1)
    """Who asked."""
    kind: Literal["estimate", "compare"]
    """What was asked for."""
    question: str
    """The question as typed, in its canonical form."""
    spelled_out: str
    """The question with every alias and default written out."""
    headline: str
    """The verdict in one line."""
    results: str
    """JSON text: everything that it takes to show the answer as it was given."""


class Comparison(NewComparison):
    """A stored question and its answer."""

    id: int
    """Unique in this database."""
    number: int
    """Unique in the workspace, never given twice; people type it: #12."""
    created_at: Moment
    shared_channel_id: str | None = None
    """The channel it was last shared in."""
    shared_at: Moment | None = None
    deleted_at: Moment | None = None
    """When its owner deleted it; it is shown to nobody since."""


class Page(NamedTuple):
    """Some of the comparisons that were found, newest first."""

    items: tuple[Comparison, ...]
    more: bool
    """There are older ones."""
