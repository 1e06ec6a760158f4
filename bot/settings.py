"""The environment, read once into one validated value. No other file reads it."""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator

from bot.addresses import read_address
from bot.language.field_docs import field_docs

TOKEN_PREFIX = "PROMETHEUS_TOKEN"  # noqa: S105 - the name of variables, not their content

STAND_INS = {"slack_bot_token": "SLACK_CLI_XOXB", "slack_app_token": "SLACK_CLI_XAPP"}
"""What `slack run` sets in place of the two tokens."""


class SettingsError(Exception):
    """A variable of the environment is missing or wrong; the message names it and says what to set."""


class CannotStartError(Exception):
    """The settings may be right and the bot cannot start all the same, now: the message says why, and what to do."""


class Address(NamedTuple):
    """Where to listen for connections."""

    host: str
    port: int

    @classmethod
    def of(cls, text: str) -> "Address":
        """The address in a text such as `127.0.0.1:9000` or `[::1]:9000`; ValueError where it is none."""
        found = re.fullmatch(r"\[([0-9a-fA-F:]+)\]:(\d{1,5})|([\w.-]+):(\d{1,5})", text.strip(), re.ASCII)
        if found is None or int(found[2] or found[4]) >= 1 << 16:
            raise ValueError("must be an address and a port")
        return cls(found[1] or found[3], int(found[2] or found[4]))

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


class Settings(BaseModel):
    """What can be set from outside. Each field is the environment variable of the same name in capitals."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    slack_bot_token: SecretStr | None = None
    """Bot token, `xoxb-...`: app settings, OAuth & Permissions."""
    slack_app_token: SecretStr | None = None
    """App-level token with `connections:write`, `xapp-...`: app settings, Basic Information."""
    slack_signing_secret: SecretStr | None = None
    """Signing secret of the app: app settings, Basic Information. Only HTTP mode needs it."""
    http_listen: Address | None = None
    """Address such as `0.0.0.0:3000` at which Slack's requests are heard, under /slack/events; Socket Mode when empty."""
    operate_listen: Address | None = None
    """Address such as `127.0.0.1:9000` for /healthz, /readyz and /metrics; none of them when empty."""
    slack_api_url: str = "https://slack.com/api/"
    """Base address of the Web API; another one points the bot at another implementation."""
    command_name: str = Field("inference", pattern=r"^/?[a-z0-9_-]{1,31}$")
    """The slash command, as in the app's manifest."""
    database_path: Path = Path("inference.db")
    """The SQLite file; created when absent."""
    log_level: str = Field("INFO", pattern=r"^(DEBUG|INFO|WARNING|ERROR)$")
    """DEBUG, INFO, WARNING or ERROR."""
    prometheus_urls: tuple[str, ...] = ()
    """Base addresses, with commas between, of the Prometheus servers that usage may be fetched from; none when empty."""
    prometheus_tokens: dict[str, SecretStr] = {}
    """Bearer tokens for them: every variable whose name begins with PROMETHEUS_TOKEN, by that name."""
    refresh_prices: bool = False
    """Fetch newer public prices once a day: true or false."""

    @field_validator("slack_api_url")
    @classmethod
    def _one_slash(cls, url: str) -> str:
        if not url.startswith(("https://", "http://")):
            raise ValueError("must start with https:// or http://")
        return url.rstrip("/") + "/"

    @field_validator("http_listen", "operate_listen", mode="before")
    @classmethod
    def _listening(cls, address: object) -> object:
        return Address.of(address) if isinstance(address, str) else address

    @field_validator("prometheus_urls", mode="before")
    @classmethod
    def _split(cls, urls: object) -> object:
        return tuple(filter(None, map(str.strip, urls.split(",")))) if isinstance(urls, str) else urls

    @field_validator("prometheus_urls")
    @classmethod
    def _readable(cls, urls: tuple[str, ...]) -> tuple[str, ...]:
        addresses = tuple(map(read_address, urls))
        if None in addresses:
            raise ValueError(
                "must be addresses such as https://prometheus.example.com, without user name, `?`, `#`, `%` or `..`"
            )
        return tuple(map(str, addresses))

    @field_validator("command_name")
    @classmethod
    def _bare(cls, name: str) -> str:
        return name.removeprefix("/")

    @property
    def signing_secret(self) -> str:
        """What signs Slack's requests in HTTP mode; empty where nothing does."""
        return self.slack_signing_secret.get_secret_value() if self.slack_signing_secret else ""

    def missing(self) -> tuple[str, ...]:
        """The variables without which the bot cannot connect to Slack in the mode that is chosen."""
        second = "slack_signing_secret" if self.http_listen else "slack_app_token"
        return tuple(name.upper() for name in ("slack_bot_token", second) if getattr(self, name) is None)


def load(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings that the environment gives; blank variables count as absent."""
    source = os.environ if environment is None else environment
    given: dict[str, object] = {
        name: source[name.upper()] for name in Settings.model_fields if source.get(name.upper(), "").strip()
    }
    given = {name: source[other] for name, other in STAND_INS.items() if source.get(other, "").strip()} | given
    given["prometheus_tokens"] = {
        name: value.strip() for name, value in source.items() if name.startswith(TOKEN_PREFIX) and value.strip()
    }
    try:
        return Settings.model_validate(given)
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
        name = str(problem["loc"][0])
        hint = field_docs(Settings).get(name, "")
        raise SettingsError(f"{name.upper()}: {problem['msg'].lower()}. {hint}") from error
