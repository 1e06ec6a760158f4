"""The page: its files are served, they stand on their own, and what people write never becomes markup."""

import http.client
import json
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

import bot.workspace

PAGE = Path(bot.workspace.__file__).parent / "page"
SCRIPTS = sorted(PAGE.glob("*.js"))


def fetch(workspace, name):
    address = urlsplit(workspace.url)
    connection = http.client.HTTPConnection(address.hostname, address.port)
    try:
        connection.request("GET", address.path + name)
        response = connection.getresponse()
        return response.status, response.headers, response.read().decode()
    finally:
        connection.close()


@pytest.mark.parametrize("path", [*SCRIPTS, PAGE / "style.css", PAGE / "blocks.css"], ids=lambda path: path.name)
def test_every_file_of_the_page_is_served_with_a_strict_policy(workspace, path):
    status, headers, body = fetch(workspace, path.name)
    assert status == 200
    assert body == path.read_text(encoding="utf-8")
    assert "default-src 'self'" in headers["Content-Security-Policy"]


def test_the_page_asks_nothing_of_other_machines():
    for path in PAGE.iterdir():
        addresses = re.findall(
            r"""(?:src|href|import|url)\W{1,3}(https?://[^"')]+)""", path.read_text(encoding="utf-8")
        )
        assert addresses == [], path.name


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_text_is_never_set_as_markup(path):
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(", path.read_text("utf-8"))


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_imports_only_its_neighbours(path):
    imported = re.findall(r'from "([^"]+)"', path.read_text(encoding="utf-8"))
    assert all((PAGE / name).is_file() for name in imported)


def test_the_page_hears_of_every_change(workspace, ada):
    address = workspace.url.replace("http://", "ws://") + "live"
    with connect(address) as page:
        first = json.loads(page.recv(timeout=20))["version"]
        ada.type("something new")
        assert json.loads(page.recv(timeout=20))["version"] > first


def test_a_page_that_is_open_is_let_go_in_peace(start, caplog):
    workspace = start()
    with connect(workspace.url.replace("http://", "ws://") + "live") as page:
        page.recv(timeout=20)
        workspace.stop()
    assert [record.getMessage() for record in caplog.records if record.name.startswith("uvicorn")] == []


def test_a_page_from_elsewhere_hears_nothing(workspace):
    address = workspace.url.replace("http://", "ws://") + "live"
    with pytest.raises(InvalidStatus), connect(address, origin="https://evil.example"):
        pass
