"""The client of a Prometheus against one that is slow, hostile or something else, and the addresses it may go to."""

import gzip
import json
import time
from datetime import UTC, datetime

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from bot.addresses import allowed, checked_url, read_address
from bot.prometheus.client import HOURS_PER_QUERY, MOST_BYTES, Prometheus
from bot.prometheus.engine_metrics import expression
from bot.prometheus.responses import PrometheusError, Series, usage_hours
from bot.settings import SettingsError, load
from calculator.errors import QuestionError
from calculator.spending.usage import UsageHour
from tests.prometheus.stand_in import drip, hang, http, listening, series

NOON = datetime(2026, 8, 3, 12, tzinfo=UTC)
HOUR = int(NOON.timestamp()) // 3600
TOKEN = "s3cr3t-t0ken"
ASKED = expression("vllm", "")


def fetch(answer, deadline_s=5.0):
    with listening(answer) as there:
        return Prometheus(there.url, SecretStr(TOKEN), deadline_s=deadline_s).hours(ASKED, HOUR, HOUR)


def value(quantity: str, moment: float, number: str):
    return {"quantity": quantity}, [(moment, number)]


def test_a_value_describes_the_hour_that_ends_at_its_moment():
    end = (HOUR + 1) * 3600
    found = fetch(series(value("requests", end, "7.5"), value("kv_share", end, "0.25")))
    assert found == (UsageHour(hour=HOUR, requests=7.5, kv_share=0.25),)


@pytest.mark.parametrize("number", ["NaN", "+Inf", "-Inf", "-1", "1e13"])
def test_what_is_no_plausible_number_was_not_measured(number):
    end = (HOUR + 1) * 3600
    assert fetch(series(value("requests", end, number), value("running", end, "1"))) == (
        UsageHour(hour=HOUR, running=1),
    )


@pytest.mark.parametrize(
    ("quantity", "moment"),
    [
        ("up", (HOUR + 1) * 3600),
        ("requests", (HOUR + 1) * 3600 + 1),
        ("requests", HOUR * 3600),
        ("requests", -3600),
        ("requests", 1e300),
    ],
)
def test_a_value_that_nobody_asked_for_is_left_out(quantity, moment):
    assert fetch(series(value(quantity, moment, "1"))) == ()


@given(st.lists(st.tuples(st.sampled_from(["requests", "kv_share", "ttft_p95_s", "x"]), st.floats(), st.floats())))
def test_no_answer_whatsoever_breaks_the_reading_of_hours(points):
    found = [Series(metric={"quantity": quantity}, values=[(moment, number)]) for quantity, moment, number in points]
    assert all(0 <= hour.hour <= 1000 for hour in usage_hours(found, 0, 1000))


def test_a_long_time_is_asked_for_week_by_week_at_the_ends_of_hours():
    with listening(series()) as there:
        Prometheus(there.url).hours(ASKED, HOUR, HOUR + 2 * HOURS_PER_QUERY)
    forms = there.forms()
    assert [(int(form["start"]) // 3600 - HOUR, int(form["end"]) // 3600 - HOUR) for form in forms] == [
        (1, 168),
        (169, 336),
        (337, 337),
    ]
    assert {(form["step"], form["query"]) for form in forms} == {("3600", ASKED)}
    assert all(one.startswith("POST /api/v1/query_range ") for one in there.requests)
    assert not any("authorization" in one.lower() for one in there.requests)


def test_the_token_is_sent_as_bearer():
    with listening(series()) as there:
        Prometheus(there.url, SecretStr(TOKEN)).hours(ASKED, HOUR, HOUR)
    assert f"Authorization: Bearer {TOKEN}\r\n" in there.requests[0]


def test_a_census_is_taken_at_a_moment():
    counted = {"status": "success", "data": {"result": [{"metric": {"__name__": "up"}, "value": [1, "3"]}]}}
    with listening(http(json.dumps(counted))) as there:
        assert Prometheus(there.url).counts("count(up)", NOON) == {"up": 3}
    assert there.forms()[0] == {"query": "count(up)", "time": str(NOON.timestamp())}


WRONG = json.dumps({"status": "error", "errorType": "bad_data", "error": f"no {TOKEN}\n" + "x" * 999})


@pytest.mark.parametrize(
    ("answer", "reason", "said"),
    [
        (http("no", "401 Unauthorized"), "refused", "wants a token"),
        (http("no", "403 Forbidden"), "refused", "HTTP 403"),
        (http("oops", "500 Internal Server Error"), "not Prometheus", "no Prometheus (HTTP 500)"),
        (http("<html>hello</html>"), "not Prometheus", "no Prometheus"),
        (http("[" * 100_000), "not Prometheus", "no Prometheus"),
        (http("{}"), "not Prometheus", "no Prometheus"),
        (http('{"status": "success"}'), "error", "says: nothing"),
        (
            http(gzip.compress(b'{"status": "success", "data": {"result": []}}'), "200 OK", "Content-Encoding: gzip"),
            "not Prometheus",
            "no",
        ),
        (http(WRONG, "400 Bad Request"), "error", "says: no [secret] xxx"),
        (http(b" " * (MOST_BYTES + 1)), "too large", "more than 8 MiB"),
        (lambda connection, _: connection.sendall(b"SSH-2.0-OpenSSH_9.2\r\n"), "unreachable", "broke off"),
        (
            lambda connection, _: connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"),
            "unreachable",
            "broke off",
        ),
        (lambda *_: None, "unreachable", "broke off"),
    ],
)
def test_what_goes_wrong_is_said_in_a_sentence_without_the_token(answer, reason, said):
    with pytest.raises(PrometheusError) as error:
        fetch(answer)
    assert error.value.reason == reason
    assert said in str(error.value)
    assert TOKEN not in str(error.value)
    assert len(str(error.value)) < 250


@pytest.mark.parametrize("answer", [hang, drip])
def test_the_deadline_holds_against_silence_and_against_dripping(answer):
    began = time.monotonic()
    with pytest.raises(PrometheusError, match=r"did not answer within 0\.3 s"):
        fetch(answer, deadline_s=0.3)
    assert time.monotonic() - began < 2


@pytest.mark.parametrize(
    "status", ["301 Moved Permanently", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"]
)
def test_a_redirect_is_not_followed(status):
    with listening(series()) as elsewhere:
        with pytest.raises(PrometheusError, match="does not follow"):
            fetch(http("", status, f"Location: {elsewhere.url}/api/v1/query_range"))
        assert elsewhere.requests == []


def test_a_server_that_is_not_there_cannot_be_reached():
    with listening(series()) as gone:
        pass
    with pytest.raises(PrometheusError, match="cannot be reached"):
        Prometheus(gone.url).hours(ASKED, HOUR, HOUR)


@pytest.mark.parametrize("token", ["tok\nen", "tökén", "a\x00b"])
def test_a_token_that_no_header_may_hold_is_not_sent(token):
    with listening(series()) as there, pytest.raises(PrometheusError, match="no HTTP header") as error:
        Prometheus(there.url, SecretStr(token)).hours(ASKED, HOUR, HOUR)
    assert there.requests == []
    assert token not in str(error.value)


LISTED = ("https://prom.example.com/team-a", "http://10.0.0.5:9090")


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://prom.example.com/team-a", "https://prom.example.com/team-a"),
        ("HTTPS://Prom.Example.COM:443/team-a/", "https://prom.example.com/team-a"),
        ("https://prom.example.com/team-a/blue", "https://prom.example.com/team-a/blue"),
        (" http://10.0.0.5:9090/ ", "http://10.0.0.5:9090"),
    ],
)
def test_a_listed_address_and_what_lies_under_it_may_be_fetched(url, kept):
    assert checked_url(url, LISTED) == kept


@pytest.mark.parametrize(
    "url",
    [
        "",
        "prom.example.com/team-a",
        "ftp://prom.example.com/team-a",
        "http://prom.example.com/team-a",
        "https://prom.example.com",
        "https://prom.example.com/team-ab",
        "https://prom.example.com/TEAM-A",
        "https://prom.example.com:8443/team-a",
        "https://prom.example.com/team-a/../admin",
        "https://prom.example.com/team-a/./x",
        "https://prom.example.com/team-a/%2e%2e/admin",
        "https://prom.example.com/team-a%2f..%2fadmin",
        "https://prom.example.com/x/../team-a",
        "https://prom.example.com//team-a",
        "https://me:pw@prom.example.com/team-a",
        "https://prom.example.com@evil.example/team-a",
        "https://evil.example#@prom.example.com/team-a",
        "https://prom.example.com/team-a?x=1",
        "https://prom.example.com/team-a#x",
        "https://prom.example.com\\team-a",
        "https://prom.example.com./team-a",
        "https://prom.example.com.evil.example/team-a",
        "https://evilprom.example.com/team-a",
        "https://prom.example.com/team-a\nhttp://x",
        "https://prom.examp\tle.com/team-a",
        "http://10.0.0.5",
        "http://10.0.0.5:90900",
        "http://10.0.0.50:9090",
        "http://167772165:9090",
        "http://[::ffff:10.0.0.5]:9090",
        "http://127.0.0.1:9090",
        "http://169.254.169.254",
        "https://prom.example.com:/team-a",
        "https://ｐrom.example.com/team-a",
        "https://prom.example.com/team-a/é",
    ],
)
def test_nothing_else_may_be_fetched_and_the_answer_lists_what_may(url):
    assert not allowed(url, LISTED)
    with pytest.raises(QuestionError, match=r"https://prom.example.com/team-a, http://10.0.0.5:9090") as error:
        checked_url(url, LISTED)
    assert error.value.field == "source"
    assert "pw" not in str(error.value).replace("password", "")


def test_where_nothing_is_listed_the_answer_says_what_must_be_set():
    with pytest.raises(QuestionError, match="PROMETHEUS_URLS"):
        checked_url("https://prom.example.com", ())


@given(st.sampled_from(LISTED), st.text(alphabet="/.%2eEfF@:#?\\ab[]-~\t\n é", max_size=15), st.integers(0, 40))
def test_whatever_is_let_through_leads_to_a_listed_server_and_path(base, noise, position):
    try:
        kept = httpx2.URL(checked_url(base[:position] + noise + base[position:], LISTED) + "/api/v1/query")
    except QuestionError:
        return
    assert any(
        (kept.scheme, kept.host, kept.port) == (one.scheme, one.host, one.port)
        and f"{kept.path}/".startswith(f"{one.path.rstrip('/')}/")
        for one in map(httpx2.URL, LISTED)
    )
    assert ".." not in kept.path
    assert not kept.userinfo


@given(
    st.sampled_from(["http", "https"]),
    st.integers(1, 65535),
    st.lists(st.from_regex(r"[a-z0-9_~-]{1,5}", fullmatch=True), max_size=3),
)
def test_an_address_is_written_as_it_is_read(scheme, port, segments):
    address = read_address("/".join((f"{scheme}://Host.example:{port}", *segments)))
    assert read_address(str(address)) == address
    assert allowed(str(address), (str(address),))


def test_the_environment_lists_addresses_and_holds_tokens_by_name():
    settings = load(
        {
            "PROMETHEUS_URLS": "https://A.example/, http://b:9090 ,",
            "PROMETHEUS_TOKEN_PROD": f" {TOKEN}\n",
            "PROMETHEUS_TOKEN": "x",
            "PATH": "y",
        }
    )
    assert settings.prometheus_urls == ("https://a.example", "http://b:9090")
    assert {name: one.get_secret_value() for name, one in settings.prometheus_tokens.items()} == {
        "PROMETHEUS_TOKEN_PROD": TOKEN,
        "PROMETHEUS_TOKEN": "x",
    }
    assert TOKEN not in repr(settings)
    assert load({}).prometheus_urls == ()


def test_an_address_in_the_environment_that_could_be_read_two_ways_stops_the_start_without_being_shown():
    with pytest.raises(SettingsError, match=r"PROMETHEUS_URLS: .*without user name") as error:
        load({"PROMETHEUS_URLS": "https://me:pw@a.example"})
    assert "pw" not in str(error.value)
