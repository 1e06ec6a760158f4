"""The secrets of one workspace."""

from dataclasses import dataclass, field
from secrets import token_hex, token_urlsafe


@dataclass
class Tokens:
    """The secrets of one workspace, drawn anew for each."""

    bot: str = field(default_factory=lambda: f"xoxb-local-{token_urlsafe(18)}")
    app: str = field(default_factory=lambda: f"xapp-1-local-{token_urlsafe(18)}")
    page: str = field(default_factory=lambda: token_urlsafe(18))
    signing_secret: str = field(default_factory=lambda: token_hex(16))
    verification: str = field(default_factory=lambda: token_urlsafe(12))
    revoked: bool = False
