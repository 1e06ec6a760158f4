"""The manifest of any app, from a file: YAML or JSON, as Slack's app settings show it."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.workspace.errors import ManifestError
from bot.workspace.manifest_check import problems

WANTED = "Give the YAML or JSON that the app's settings show under App Manifest."


def load_manifest(path: Path, request_url: str = "") -> Mapping[str, Any]:
    """Read a manifest that Slack would accept, for an app that is reached at `request_url` where one is given.

    Otherwise a ManifestError says what is wrong, as Slack's answer `invalid_manifest` does.
    """
    try:
        manifest = _parsed(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        problem = error.strerror if isinstance(error, OSError) else "it is not text in UTF-8"
        raise ManifestError(f"{path} cannot be read: {problem}. {WANTED}") from None
    if not isinstance(manifest, dict) or "display_information" not in manifest:
        raise ManifestError(f"{path} holds no app manifest: there is no display_information in it. {WANTED}")
    if found := problems(manifest, is_reached=bool(request_url)):
        raise ManifestError(f"Slack would refuse {path} (invalid_manifest): {'; '.join(map(_said, found))}")
    return manifest


def _said(found: str) -> str:
    """Say a problem with its place first, for people."""
    message, _, pointer = found.removeprefix("[ERROR] ").removesuffix("]").partition(" [json-pointer:")
    return f"{pointer} {message}"


def _parsed(text: str) -> Any:
    import yaml  # noqa: PLC0415 - slow to import, and only a manifest needs it

    try:
        return json.loads(text)  # first, since YAML refuses the tabs that JSON may hold
    except ValueError:
        pass
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError:
        return None
