"""The environment, read once into one validated value. No other file reads it."""

import os
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator


class SettingsError(Exception):
    """A variable of the environment is missing or wrong; the message names it and says what to set."""


class Settings(BaseModel):
    """What can be set from outside. Each field is the environment variable of the same name in capitals."""

    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)

    slack_bot_token: SecretStr | None = None
    """Bot token, `xoxb-...`: app settings, OAuth & Permissions."""
    slack_app_token: SecretStr | None = None
    """App-level token with `connections:write`, `xapp-...`: app settings, Basic Information."""
    slack_signing_secret: SecretStr | None = None
    """Signing secret of the app; Socket Mode does not need it."""
    slack_api_url: str = "https://slack.com/api/"
    """Base address of the Web API; another one points the bot at another implementation."""
    command_name: str = Field("inference", pattern=r"^/?[a-z0-9_-]{1,31}$")
    """The slash command, as in the app's manifest."""
    database_path: Path = Path("inference.db")
    """The SQLite file; created when absent."""
    log_level: str = Field("INFO", pattern=r"^(DEBUG|INFO|WARNING|ERROR)$")
    """DEBUG, INFO, WARNING or ERROR."""

    @field_validator("slack_api_url")
    @classmethod
    def _one_slash(cls, url: str) -> str:
        if not url.startswith(("https://", "http://")):
            raise ValueError("must start with https:// or http://")
        return url.rstrip("/") + "/"

    @field_validator("command_name")
    @classmethod
    def _bare(cls, name: str) -> str:
        return name.removeprefix("/")

    def missing(self) -> tuple[str, ...]:
        """The variables without which the bot cannot connect to Slack."""
        return tuple(name.upper() for name in ("slack_bot_token", "slack_app_token") if getattr(self, name) is None)


def load(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings that the environment gives; blank variables count as absent."""
    source = os.environ if environment is None else environment
    given = {name: source[name.upper()] for name in Settings.model_fields if source.get(name.upper(), "").strip()}
    try:
        return Settings(**given)
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
        name = str(problem["loc"][0])
        hint = Settings.model_fields[name].description
        raise SettingsError(f"{name.upper()}: {problem['msg'].lower()}. {hint}") from error
