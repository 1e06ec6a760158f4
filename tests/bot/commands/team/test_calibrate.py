"""`calibrate`: what the team measured itself, entered, listed, removed, and what answers make of it."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.commands import read
from bot.commands.forms.form import form_question
from bot.commands.team.calibrate import CalibrationsQuestion
from bot.commands.team.calibrate_question import CalibrateQuestion
from bot.desk.asker import Asker
from bot.limits.payloads import check_message
from bot.terminal import plain
from calculator.errors import QuestionError
from storage.calibrations import Calibrations
from storage.errors import DatabaseLocked
from tests.bench.processes import ROOT

HERE = ROOT / "tests" / "bot"
OPTIONS = json.loads((HERE / "reference_options.json").read_text(encoding="utf-8"))
PRINTED = json.loads((HERE / "reference_figures.json").read_text(encoding="utf-8"))
"""The latency, speed and cost that the reference document prints for its options, and the price that they imply."""
OUTPUTS = HERE.parent / "calculator" / "benchmarks" / "samples"
ASK = "7B on RTX4090, 500 tokens, batch 4"
MEASURED = f"calibrate {ASK}, 416.7 tok/s"
COSTS = "#llm-costs"


def latency(service, asker, text=ASK):
    return service.answer(text, asker).data["results"]["latency"]


def decimals(value):
    return len(str(value).rpartition(".")[2]) if "e" not in str(value) else 5


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("7B on RTX4090 500 tokens 416.7 tok/s", {"tokens_per_second": 416.7}),
        ("7B on RTX4090 500 tokens in 1.2s batch 4", {"total_latency_seconds": 1.2}),
        ("7B on RTX4090; 500 tokens took 900 ms", {"total_latency_seconds": 0.9}),
        ("7B on RTX4090, TTFT=180ms tpot: 24 ms", {"ttft_seconds": 0.18, "tpot_seconds": 0.024}),
        ("7B on RTX4090, first token after 0.2s and 24ms per token", {"ttft_seconds": 0.2, "tpot_seconds": 0.024}),
        ("7B on RTX4090, batch 8, 1.2k output tokens/s", {"output_tokens_per_second": 1200}),
        ("7B on RTX4090, batch 8, 1,200.5 t/s of output", {"output_tokens_per_second": 1200.5}),
        ("7B on RTX4090, 52 tokens per second per user", {"tokens_per_second_per_user": 52}),
        ("7B on RTX4090, 52 tps each", {"tokens_per_second_per_user": 52}),
    ],
)
def test_a_measurement_is_said_in_any_of_these_ways(text, fields):
    question = read(f"calibrate {text}")
    assert isinstance(question, CalibrateQuestion)
    said = question.model_dump(exclude_defaults=True, exclude={"about"})
    assert said == fields
    assert (question.about.model_size, question.about.hardware_type) == ("7B", "RTX4090")


@pytest.mark.parametrize(
    ("text", "field", "words"),
    [
        ("7B on RTX4090", "figures", "416.7 tok/s"),
        ("7B, 416.7 tok/s", "hardware_type", "On which hardware"),
        ("gpt-4o, 416.7 tok/s", "hardware_type", "cannot be calibrated"),
        ("7B on RTX4090, 1.2s, 416.7 tok/s", "total_latency_seconds", "twice"),
        ("7B on RTX4090, 1.2s, 2s", "total_latency_seconds", "twice"),
        ("7B on RTX4090, takes 1s, ttft 2s", "ttft_seconds", "after the whole answer"),
        ("7B on RTX4090, ttft 2s, 500 tok/s", "ttft_seconds", "after the whole answer"),
        ("7B on RTX4090, 500 tokens, ttft 100ms, tpot 20ms, takes 9s", "total_latency_seconds", "together, not 9 s"),
        ("7B on RTX4090, 500 tokens, tpot 100ms, takes 1s", "tpot_seconds", "longer than the whole answer"),
        ("7B on RTX4090, takes 0s", "total_latency_seconds", "more than 0"),
        ("7B on RTX4090, $3/h, takes 1s", "usd_per_gpu_hour", "leave it out"),
        ("remove", "number", "calibrate remove 3"),
        ("remove all", "number", "“all”"),
        ("7B on RTX4090\nnonsense of\nmany lines", "benchmark", "no output of"),
    ],
)
def test_what_cannot_be_kept_names_the_field_and_says_what_to_type(text, field, words, service, asker):
    with pytest.raises(QuestionError) as error:
        service.answer(f"calibrate {text}", asker)
    assert field in error.value.field
    assert words in str(error.value)
    assert service.answer("calibrations", asker).data["total"] == 0


def test_at_the_measured_point_the_answer_equals_the_measurement_and_says_whose_it_is(service, asker):
    before = latency(service, asker)
    service.answer(MEASURED, asker)
    found = service.answer(ASK, asker)
    assert found.data["results"]["latency"]["tokens_per_second"] == pytest.approx(416.7)
    assert before["tokens_per_second"] != pytest.approx(416.7, rel=0.01)
    assert found.data["calibration"]["measurements"][0]["number"] == 1
    assert "Rests on your team's own measurement 1" in plain(found)
    assert "<@U1>" in str(found.blocks)


def test_nearby_the_answer_says_by_how_much_it_was_corrected(service, asker):
    service.answer(MEASURED, asker)
    assert "Corrected by your team's own measurement nearby, 1" in plain(service.answer(f"{ASK[:-1]}8", asker))
    assert "own measurement" not in plain(service.answer("7B on A100, 500 tokens, batch 4", asker))
    assert "own measurement" not in plain(service.answer("7B int8 on RTX4090, 500 tokens, batch 4", asker))


def test_a_comparison_a_rerun_and_a_tracked_deployment_rest_on_it_too(service, asker):
    service.answer(ASK, asker)
    service.answer(MEASURED, asker)
    assert service.answer("rerun 1", asker).data["calibration"]
    compared = service.answer(f"compare {ASK} vs 7B on A100", asker)
    assert [bool(option["calibration"]) for option in compared.data["options"]] == [True, False]
    assert "own measurement 1" in plain(compared)


@pytest.mark.parametrize("place", range(8))
def test_the_reference_documents_latencies_and_prices_reproduce_its_printed_figures(place, service, asker):
    """Its figures follow from its latencies by arithmetic; the document's speeds are entered as if a team had measured them."""
    option, printed = OPTIONS[place], PRINTED[place]
    setup = "{model_size} on {hardware_type} {deployment_mode}, {tokens} tokens, batch {batch_size}".format(**option)
    said = setup.replace(f" {option['deployment_mode']}", "")
    service.answer(f"calibrate {said}, takes {printed['total_latency_seconds']}s", asker)
    ask = f"{setup}, {option['requests_per_hour']} req/h, ${printed['usd_per_gpu_hour']}/h"
    results = service.answer(ask, asker).data["results"]
    figures = results["latency"] | results["cost"]
    for name, value in printed.items():
        if name != "usd_per_gpu_hour":
            assert round(figures[name], decimals(value)) == pytest.approx(value), name


def test_entering_shows_the_prediction_beside_it_and_how_a_speed_was_read(service, asker):
    answer = service.answer(MEASURED, asker)
    shown = plain(answer)
    assert "Kept as measurement 1." in shown
    assert "read as the 500 tokens of one request, prompt and output, in 1.2 s" in shown
    assert "Faster than reading the weights allows: 13.1 ms per token" in shown
    buttons = {button["action_id"]: button["value"] for button in answer.blocks[-1]["elements"]}
    assert latency(service, asker, buttons["ask"])["total_latency_seconds"] == pytest.approx(500 / 416.7)
    service.answer(buttons["undo"], asker)
    assert service.answer("calibrations", asker).data["total"] == 0


def test_a_figure_far_from_the_prediction_is_kept_with_a_doubt(service, asker):
    shown = plain(service.answer(f"calibrate {ASK}, takes 60s", asker))
    assert "times as long as predicted" in shown


def test_output_of_all_requests_is_shared_between_them(service, asker):
    service.answer("calibrate llama-3.1-8b on L4, 512 in, 128 out, batch 8, 100 output tok/s", asker)
    found = latency(service, asker, "llama-3.1-8b on L4, 512 in, 128 out, batch 8")
    assert found["output_tokens_per_second"] == pytest.approx(100)


def test_a_speed_per_reader_is_a_time_per_token(service, asker):
    service.answer("calibrate llama-3.1-8b on L4, 512 in, 128 out, batch 8, 12.5 tok/s per user", asker)
    found = latency(service, asker, "llama-3.1-8b on L4, 512 in, 128 out, batch 8")
    assert found["tpot_seconds"] == pytest.approx(0.08)


@pytest.mark.parametrize(
    "name", ["vllm.json", "vllm_limit.txt", "genai_perf.json", "genai_perf.txt", "aiperf.json", "llama.json"]
)
def test_the_output_of_a_benchmark_is_pasted_and_its_points_are_met(name, service, asker):
    printed = (OUTPUTS / name).read_text(encoding="utf-8")
    kept = service.answer(f"calibrate llama-3.1-8b on H200\n{printed}", asker).data["kept"]
    assert kept
    for point in kept:
        if point["input_tokens"] and point["output_tokens"] > 1:
            setup = f"llama-3.1-8b on H200, {point['input_tokens']} in, {point['output_tokens']} out, batch {point['batch_size']}"
            found = latency(service, asker, setup)
            for mine, field in (("ttft_s", "ttft_seconds"), ("tpot_s", "tpot_seconds")):
                assert point[mine] is None or found[field] == pytest.approx(point[mine])


def test_pasted_lines_that_slack_joined_are_read_too(service, asker):
    printed = (OUTPUTS / "vllm_limit.txt").read_text(encoding="utf-8")
    assert service.answer(f"calibrate llama-3.1-8b on H200 {' '.join(printed.split())}", asker).data["kept"]


def test_lengths_stand_in_the_pasted_output_alone(service, asker):
    printed = (OUTPUTS / "vllm_limit.txt").read_text(encoding="utf-8")
    with pytest.raises(QuestionError, match="says batch_size itself"):
        service.answer(f"calibrate llama-3.1-8b on H200, batch 8\n{printed}", asker)
    with pytest.raises(QuestionError, match="leave “takes 2s” out"):
        service.answer(f"calibrate llama-3.1-8b on H200, 2s\n{printed}", asker)


def test_removing_asks_back_and_can_be_undone(service, asker):
    service.answer(MEASURED, asker)
    asked = service.answer("calibrate remove 1", asker)
    assert service.answer("calibrations", asker).data["total"] == 1
    done = service.answer(asked.blocks[1]["elements"][0]["value"], asker)
    assert service.answer("calibrations", asker).data["total"] == 0
    service.answer(done.blocks[-1]["elements"][0]["value"], asker)
    assert service.answer("calibrations", asker).data["measurements"][0]["number"] == 1


@pytest.mark.parametrize("text", ["calibrate remove 7", "calibrate remove 7 yes", "calibrate restore 7"])
def test_a_number_that_is_not_there_is_refused(text, service, asker):
    with pytest.raises(QuestionError, match="no measurement 7") as error:
        service.answer(text, asker)
    assert error.value.field == "number"


def test_someone_elses_measurement_is_not_removed(service, asker):
    service.answer(MEASURED, asker)
    other = asker.model_copy(update={"user_id": "U2"})
    assert "own measurement 1" in plain(service.answer(ASK, other))
    with pytest.raises(QuestionError, match="belongs to someone else"):
        service.answer("calibrate remove 1 yes", other)


def test_another_workspace_sees_and_uses_none_of_it(service, asker):
    service.answer(MEASURED, asker)
    stranger = Asker(team_id="T2", user_id="U1", channel_id="C1")
    assert service.answer("calibrations", stranger).data["total"] == 0
    assert service.answer(ASK, stranger).data["calibration"] is None


def test_the_list_goes_page_by_page_and_fits_in_messages(service, asker):
    assert "no measurement yet" in service.answer("calibrations", asker).text
    for batch in range(1, 21):
        service.answer(f"calibrate 7B on RTX4090, 500 tokens, batch {batch}, takes 2s", asker)
    first = service.answer("calibrations", asker)
    second = service.answer(first.blocks[-1]["elements"][-1]["value"], asker)
    numbers = [one["number"] for answer in (first, second) for one in answer.data["measurements"]]
    assert numbers == list(range(20, 0, -1))
    for answer in (first, second):
        assert not check_message({"text": answer.text, "blocks": list(answer.blocks)})
    with pytest.raises(QuestionError, match="no page 3"):
        service.answer("calibrations page 3", asker)


def test_an_estimate_is_answered_without_it_where_the_database_refuses(service, asker, monkeypatch):
    service.answer(MEASURED, asker)

    def locked(*_):
        raise DatabaseLocked(service._tables.database.path)

    monkeypatch.setattr(Calibrations, "current", locked)
    assert service.answer(ASK, asker).data["calibration"] is None


SPEEDS = st.floats(0.001, 1e6, allow_subnormal=False)
TIMES = st.floats(1e-6, 80_000, allow_subnormal=False)
FIGURES = st.one_of(
    st.fixed_dictionaries({"total_latency_seconds": TIMES}),
    st.fixed_dictionaries({"ttft_seconds": TIMES, "tpot_seconds": TIMES}),
    st.fixed_dictionaries({"tokens_per_second": SPEEDS}),
    st.fixed_dictionaries({"output_tokens_per_second": SPEEDS, "ttft_seconds": TIMES}),
    st.fixed_dictionaries({"tokens_per_second_per_user": SPEEDS}),
)


@given(figures=FIGURES, batch=st.integers(1, 100_000))
@settings(max_examples=200)
def test_every_question_reads_back_equal(figures, batch):
    about = {
        "model_size": "7B",
        "hardware_type": "L4",
        "gpus": 2,
        "input_tokens": 300,
        "output_tokens": 20,
        "batch_size": batch,
    }
    question = CalibrateQuestion.make({"about": about, **figures})
    assert read(str(question)) == question
    removal = CalibrateQuestion(part="remove", numbers=(batch, 3), sure=True)
    assert read(str(removal)) == removal
    assert read(str(CalibrationsQuestion(page=min(batch, 10_000)))).page == min(batch, 10_000)


def submitted(**entered):
    """The state of the form with these inputs."""
    values = {name: {name: {"value": text}} for name, text in entered.items()}
    return {"callback_id": "calibrate", "state": {"values": values}}


@pytest.mark.parametrize(
    ("entered", "field"),
    [
        ({"question": "7B on RTX9090", "figures": "2s"}, "question"),
        ({"question": "7B on RTX4090, 500 tokens", "figures": "quick"}, "figures"),
        ({"question": "7B on RTX4090, 500 tokens"}, "figures"),
        ({"question": "7B on RTX4090, 500 tokens", "figures": "ttft 3s, takes 2s"}, "figures"),
        ({"question": "7B on RTX4090", "table": "no benchmark"}, "table"),
        ({"question": "7B on RTX4090", "table": "x", "figures": "2s"}, "table"),
    ],
)
def test_an_error_stands_under_its_own_input(entered, field):
    with pytest.raises(QuestionError) as error:
        form_question(submitted(**entered))
    assert error.value.field == field


def test_the_form_asks_the_same_as_the_words():
    assert form_question(submitted(question=ASK, figures="416.7 tok/s")) == read(MEASURED)


@pytest.fixture
def ada(place):
    return place.person()


def test_measured_in_slack_by_form_by_file_and_in_a_thread(ada):
    ada.type("/inference calibrate", COSTS)
    ada.wait_for_modal("What you measured")
    assert "figures" in ada.submit({"What was measured": ASK, "What you measured": "ttft 9s, takes 2s"})
    assert ada.submit({"What was measured": ASK, "What you measured": "416.7 tok/s"}) == {}
    assert "Kept as measurement 1" in ada.wait_for_message(COSTS, containing="Kept as").words
    printed = (OUTPUTS / "vllm_limit.txt").read_bytes()
    ada.type("/inference form calibrate llama-3.1-8b on H200, 1000 req/h, $3/h", COSTS)
    ada.wait_for_modal("What you measured")
    assert ada.submit({"Or its file": ("bench.txt", printed)}) == {}
    assert "Kept as measurement 2" in ada.wait_for_message(COSTS, containing="Kept as measurement 2").words
    ada.type(f"/inference {ASK}", COSTS)
    assert "Rests on your team's own measurement 1" in ada.wait_for_message(COSTS, containing="Rests on").words
