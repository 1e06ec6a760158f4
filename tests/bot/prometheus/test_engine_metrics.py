"""What is asked of an engine, and which selectors are let through."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.prometheus.engine_metrics import ENGINES, QUANTITIES, census, checked_selector, expression, present
from calculator.catalog import loader
from calculator.errors import QuestionError
from calculator.spending.usage import UsageHour

LABELS = st.from_regex(r"[a-zA-Z_][a-zA-Z0-9_]{0,8}", fullmatch=True).filter(
    lambda name: name not in {"__name__", "le"}
)
VALUES = st.text(st.characters(exclude_categories=("Cc", "Cs"), exclude_characters="“”„"), max_size=12)
MATCHERS = st.lists(st.tuples(LABELS, st.sampled_from(["=", "!=", "=~", "!~"]), VALUES), max_size=4)


def quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def test_every_engine_is_one_of_the_catalog_and_every_quantity_a_field_of_an_hour():
    assert set(ENGINES) <= set(loader.engine_keys())
    assert set(QUANTITIES) == set(UsageHour.model_fields) - {"hour"}
    assert all(set(names) <= set(QUANTITIES) for names in ENGINES.values())


def test_what_an_engine_does_not_expose_is_not_asked():
    assert "requests" not in ENGINES["llama.cpp"]
    assert {"ttft_p95_s", "kv_share"}.isdisjoint(ENGINES["tgi"])
    asked = re.findall(r'"quantity", "(\w+)"', expression("llama.cpp", ""))
    assert asked == ["input_tokens", "output_tokens", "running", "waiting", "kv_share"]


def test_one_expression_asks_for_every_quantity_of_an_engine():
    asked = expression("vllm", '{model_name="llama"}')
    assert re.findall(r'"quantity", "(\w+)"', asked) == list(QUANTITIES)
    assert (
        'sum(increase(vllm:prompt_tokens_total{model_name="llama"}[1h]) or increase(vllm:prompt_tokens{model_name="llama"}[1h]))'
        in asked
    )
    assert 'sum(avg_over_time(vllm:num_requests_running{model_name="llama"}[1h]))' in asked
    assert "avg(avg_over_time(vllm:kv_cache_usage_perc" in asked
    assert (
        'histogram_quantile(0.95, sum by (le) (increase(vllm:time_to_first_token_seconds_bucket{model_name="llama"}[1h])))'
        in asked
    )


def test_an_engine_whose_metrics_are_not_known_is_refused_with_those_that_are():
    with pytest.raises(QuestionError, match=r"vllm, sglang, tgi, llama\.cpp"):
        expression("tensorrt-llm", "")


def test_series_found_tell_which_quantities_are_there():
    assert present("vllm", ["vllm:gpu_cache_usage_perc", "vllm:e2e_request_latency_seconds_bucket"]) == (
        "kv_share",
        "latency_p95_s",
    )
    assert present("tgi", ["vllm:kv_cache_usage_perc"]) == ()


def test_a_census_counts_the_series_of_the_engine_alone():
    assert census("llama.cpp", 'pod=~"a.*"').endswith('llamacpp:kv_cache_usage_ratio", pod=~"a.*"})')
    assert census("llama.cpp", "").endswith('llamacpp:kv_cache_usage_ratio"})')


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", ""),
        ("{}", ""),
        (" { } ", ""),
        ('model_name="llama"', '{model_name="llama"}'),
        ('{model_name = "llama" , namespace=~"prod|stage",}', '{model_name="llama", namespace=~"prod|stage"}'),
        ("{model_name=“llama”}", '{model_name="llama"}'),
        (r'{pod!~"a\\.b\"}{,"}', r'{pod!~"a\\.b\"}{,"}'),
    ],
)
def test_a_selector_may_be_written_with_or_without_braces(typed, kept):
    assert checked_selector(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "llama",
        "{",
        "}",
        "{{}}",
        '{a="b"',
        'a="b"}',
        "{a=b}",
        "{a='b'}",
        "{a=`b`}",
        '{a=="b"}',
        '{a="b" b="c"}',
        '{a="b"} or up',
        '{a="b"}[1h])) or sum(up{b="c"}',
        '{a="b\n"}',
        r'{a="\.b"}',
        r'{a="b\"}',
        '{"a"="b"}',
        '{a.b="c"}',
        '{__name__=~".+"}',
        '{le="1"}',
        "{,}",
        '{a="b",,}',
        '{é="b"}',
        '{a="' + "b" * 500 + '"}',
        'vllm:prompt_tokens_total{a="b"}',
        '{a="b"} # ',
        '{a="b" or b="c"}',
    ],
)
def test_what_is_no_list_of_matchers_is_refused_and_an_example_given(typed):
    with pytest.raises(QuestionError, match="model_name=") as error:
        checked_selector(typed)
    assert error.value.field == "source"


@given(MATCHERS)
def test_any_label_can_be_matched_with_any_value(matchers):
    typed = ", ".join(label + operator + quoted(value) for label, operator, value in matchers)
    if len(typed) <= 400:
        assert checked_selector(typed) == (f"{{{typed}}}" if matchers else "")
        assert checked_selector(checked_selector(typed)) == checked_selector(typed)


@given(st.text(alphabet='{}[]()"\\=~!, \n\t#ab_1h', max_size=30))
@example('a="b"}[1h]) or up{a="b"')
def test_whatever_passes_is_matchers_and_nothing_else(typed):
    try:
        kept = checked_selector(typed)
    except QuestionError:
        return
    outside_strings = re.sub(r'"(?:[^"\\]|\\.)*"', '""', kept)
    assert re.fullmatch(r'(?:\{\w+(?:=~|!~|!=|=)""(?:, \w+(?:=~|!~|!=|=)"")*\})?', outside_strings)
