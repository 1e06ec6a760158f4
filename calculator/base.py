"""The base of every record, and the units at the edge of the core."""

from pydantic import BaseModel, ConfigDict

GIB = 2**30
"""Bytes in a GiB. A card's label ("80 GB") is counted in these, as its memory chips are."""
GB = 10**9
"""Bytes in a GB, of bandwidths and links."""
TERA = 10**12
"""Operations in a tera-operation."""


class Frozen(BaseModel):
    """A record that never changes and knows all its fields. The string under each field is its documentation."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
