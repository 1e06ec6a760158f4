"""Files attached in Slack: the token goes to Slack's file host alone, and whatever comes back is text or a sentence."""

import gzip
import time

import pytest
from slack_sdk import WebClient

from bot.desk.attached import MOST_BYTES, Attached, checked, takes_a_file
from bot.slack.downloads import fetch_text
from calculator.errors import QuestionError
from tests.prometheus.stand_in import drip, hang, http, listening

TOKEN = "xoxb-s3cr3t"
CSV = "hour,requests\n2026-11-20T09:00Z,1240\n"


def client(api_url):
    return WebClient(token=TOKEN, base_url=api_url, proxy="")


def fetch(answer, deadline_s=5.0):
    with listening(answer) as there:
        file = Attached(name="usage.csv", url_private_download=f"{there.url}/files/F1/usage.csv")
        return fetch_text(file, client(f"{there.url}/api/"), deadline_s), there


def refused(answer, deadline_s=5.0):
    with pytest.raises(QuestionError) as error:
        fetch(answer, deadline_s)
    assert error.value.field == "file"
    assert "usage.csv" in error.value.message
    assert TOKEN not in error.value.message
    assert len(error.value.message) < 300
    return error.value.message


def test_a_file_is_fetched_with_the_bots_token():
    text, there = fetch(http(CSV))
    assert text == CSV
    assert there.requests[0].startswith("GET /files/F1/usage.csv ")
    assert f"authorization: bearer {TOKEN}".lower() in there.requests[0].lower()


@pytest.mark.parametrize(
    "body",
    [
        b"\xef\xbb\xbf" + CSV.encode(),
        CSV.replace("\n", "\r\n").encode(),
        CSV.replace("\n", "\r").encode(),
    ],
)
def test_what_spreadsheets_write_is_read(body):
    assert fetch(http(body))[0] == CSV


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (http("<!DOCTYPE html>", "200 OK", "Content-Type: text/html; charset=utf-8"), "files:read"),
        (http("Found", "302 Found", "Location: https://slack.com/?redir=x"), "files:read"),
        (http("", "401 Unauthorized"), "files:read"),
        (http("", "403 Forbidden"), "files:read"),
        (http("", "404 Not Found"), "Attach it again"),
        (http("oops", "500 Internal Server Error"), "Attach it again"),
        (http(b"x" * (MOST_BYTES + 1)), "larger than 2 MiB"),
        (http(b"\xff\xfeh\x00o\x00"), "CSV UTF-8"),
        (http(gzip.compress(CSV.encode()), "200 OK", "Content-Encoding: gzip"), "CSV UTF-8"),
        (http(" \r\n"), "is empty"),
        (lambda connection, _: connection.sendall(b"SSH-2.0-OpenSSH_9.2\r\n"), "Try again"),
        (lambda *_: None, "Try again"),
    ],
)
def test_what_goes_wrong_is_said_with_what_to_do(answer, said):
    assert said in refused(answer)


def test_a_redirect_is_never_followed():
    with listening(http(CSV)) as elsewhere:
        refused(http("", "302 Found", f"Location: {elsewhere.url}/x"))
        assert elsewhere.requests == []


@pytest.mark.parametrize("answer", [hang, drip])
def test_the_deadline_holds_against_silence_and_against_dripping(answer):
    begin = time.monotonic()
    assert "did not arrive within 0.2 s" in refused(answer, deadline_s=0.2)
    assert time.monotonic() - begin < 3


def test_a_file_of_two_mebibytes_is_read_whole():
    assert len(fetch(http(b"x" * MOST_BYTES))[0]) == MOST_BYTES


@pytest.mark.parametrize(
    "url",
    [
        "http://files.slack.com/x.csv",
        "https://files.slack.com.evil.example/x.csv",
        "https://evil.example/files.slack.com",
        "https://slack.com/x.csv",
        "https://files.slack.com:8443/x.csv",
        "https://files.slack.com@evil.example/x.csv",
        "https://me@files.slack.com/x.csv",
        "https://files.slack.com\\@evil.example/x.csv",
        "files-pri/x.csv",
        "https://[",
        "",
        None,
    ],
)
def test_with_slack_the_token_goes_to_slacks_file_host_only(url, monkeypatch):
    monkeypatch.setattr("bot.slack.downloads._exchange", lambda *_: pytest.fail("nothing is sent"))
    with pytest.raises(QuestionError):
        fetch_text(Attached(name="x.csv", url_private_download=url), client("https://slack.com/api/"))


def test_slacks_own_file_host_is_asked(monkeypatch):
    async def exchange(_, address, *__):
        return str(address).encode()

    monkeypatch.setattr("bot.slack.downloads._exchange", exchange)
    url = "https://files.slack.com/files-pri/T1-F1/download/usage.csv"
    assert fetch_text(Attached(name="x.csv", url_private_download=url), client("https://slack.com/api/")) == url


def test_where_something_stands_in_for_slack_its_host_is_the_only_one():
    with pytest.raises(QuestionError, match="not kept where I may fetch it"):
        fetch_text(
            Attached(name="x.csv", url_private_download="https://files.slack.com/x"), client("http://127.0.0.1:9/api/")
        )


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ([Attached(name="a.csv"), Attached(name="b.csv")], "one file"),
        ([Attached(name="a.xlsx")], "no CSV file"),
        ([Attached()], "no CSV file"),
        ([Attached(name="a.csv", size=MOST_BYTES + 1)], "larger than 2 MiB"),
    ],
)
def test_what_cannot_be_read_is_refused_before_it_is_fetched(files, said):
    with pytest.raises(QuestionError, match=said) as error:
        checked(files, "usage")
    assert error.value.field == "file"


@pytest.mark.parametrize("name", ["a.csv", "A.CSV", "a.b.tsv", "a.txt"])
def test_what_can_be_read_is_taken(name):
    assert checked([file := Attached(name=name, size=MOST_BYTES)], "usage") is file


def test_only_usage_takes_a_file():
    assert takes_a_file(" Usage support-bot") == "usage"
    assert takes_a_file("calibrate") == takes_a_file("calibrate 7B on L4") == "calibrate"
    assert not any(map(takes_a_file, ("usage", "7B on H100", "usages support-bot", "")))
