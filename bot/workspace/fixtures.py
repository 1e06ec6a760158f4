"""Fixtures for pytest: a workspace of one's own on a free port, and a client that acts for its people.

`pytest_plugins = ["bot.workspace.fixtures"]` in the top conftest.py brings them. An app's project overrides
`workspace_manifest` with its own manifest, and `workspace_options` with what `Workspace` takes beside it.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from bot.workspace import Workspace
from bot.workspace.client import WorkspaceClient
from bot.workspace.manifest_file import load_manifest


@pytest.fixture
def workspace_manifest(pytestconfig: pytest.Config) -> Mapping[str, Any]:
    """The manifest.yml or manifest.json of the project under test."""
    for name in ("manifest.yml", "manifest.yaml", "manifest.json"):
        if (path := pytestconfig.rootpath / name).is_file():
            return load_manifest(path)
    pytest.fail(f"There is no manifest.yml in {pytestconfig.rootpath}; override the fixture workspace_manifest.")


@pytest.fixture
def workspace_options() -> Mapping[str, Any]:
    """What `Workspace` takes beside the manifest, such as `{"frozen_clock": True}`."""
    return {}


@pytest.fixture
def workspace(workspace_manifest: Mapping[str, Any], workspace_options: Mapping[str, Any]) -> Iterator[Workspace]:
    """A workspace that listens on a free port until the test ends; `bot_token`, `app_token` and `api_url` connect an app."""
    with Workspace(workspace_manifest, **workspace_options) as running:
        yield running


@pytest.fixture
def workspace_client(workspace: Workspace) -> WorkspaceClient:
    """Types, clicks, submits, waits and reads for the workspace's people; moves its clock, makes calls fail."""
    return WorkspaceClient(workspace.url)
