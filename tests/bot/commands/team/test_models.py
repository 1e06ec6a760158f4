"""`model`: a team's own models from their config.json, and what every other question makes of them."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.books.team import MOST
from bot.commands import read
from bot.commands.decisions.compare_question import CompareQuestion
from bot.commands.estimates.estimate_question import EstimateQuestion
from bot.commands.forms.form import FormQuestion, form_question
from bot.commands.team.model_question import ModelQuestion
from bot.commands.team.pasted_config import MOST_BYTES, read_config
from bot.desk.asker import Asker
from bot.limits.payloads import check_message, check_view
from bot.service import Service
from bot.terminal import plain
from bot.views.kit.form import Origin, opened_from
from bot.views.team.model_form import model_form
from calculator.errors import QuestionError
from storage.own_models import OwnModels
from tests.calculator.config_json.test_model import LLAMA, PUBLISHED
from tests.storage.fresh import fresh

COSTS = "#llm-costs"
CONFIG = json.dumps(LLAMA, indent=2)
ASK = "our/acme-8b on H100, 500 tokens"
NAMES = st.from_regex(r"our/[a-z0-9](?:[a-z0-9.-]{0,20}[a-z0-9])?", fullmatch=True)
FILES = st.dictionaries(
    st.text(max_size=6), st.none() | st.booleans() | st.integers() | st.text(max_size=6), max_size=4
)
QUESTIONS = st.one_of(
    st.builds(ModelQuestion, name=NAMES),
    st.builds(ModelQuestion, part=st.just("list"), page=st.integers(1, 1000)),
    st.builds(ModelQuestion, part=st.just("remove"), name=NAMES, sure=st.booleans()),
    st.builds(ModelQuestion, part=st.just("restore"), name=NAMES),
    st.builds(
        ModelQuestion,
        part=st.just("add"),
        name=NAMES | st.just(""),
        config=FILES.map(lambda one: read_config(json.dumps(one))),
    ),
)


def total(service, asker, text=ASK):
    return service.answer(text, asker).data["results"]["memory"]


@given(QUESTIONS)
def test_every_question_reads_back_equal(question):
    assert read(str(question)) == question


@given(NAMES, st.sampled_from(["", " fp8", " awq"]), st.sampled_from(["H100", "2xH100", "4 x L40S"]))
def test_a_name_is_read_wherever_a_model_may_stand_and_reads_back_equal(name, precision, cards):
    question = read(f"{name.upper()}{precision} on {cards}, 1k in 300 out")
    assert isinstance(question, EstimateQuestion)
    assert (question.model_size, question.input_tokens) == (name, 1000)
    assert read(str(question)) == question
    compared = read(f"compare {name} on {cards} vs 7B on L4, 500 tokens")
    assert isinstance(compared, CompareQuestion)
    assert read(str(compared)) == compared
    tracked = read(f"track x: {name}{precision} on {cards} cloud 100/h")
    assert read(str(tracked)) == tracked


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("our/acme-8b.", "our/acme-8b"),
        ("model=our/acme-8b on H100", "our/acme-8b"),
        ("H100 our/acme-8b, 500 tokens", "our/acme-8b"),
        ("can our/v1.5 run on an L4?", "our/v1.5"),
    ],
)
def test_a_sentence_around_a_name_is_understood(text, name):
    question = read(text)
    assert isinstance(question, EstimateQuestion)
    assert question.model_size == name


@pytest.mark.parametrize("text", ["our/acme_8b on H100", "our/ on H100", f"our/{'a' * 61} on H100"])
def test_what_is_no_name_is_refused_and_says_what_one_is(text):
    with pytest.raises(QuestionError, match=r"letters, digits, dots and dashes|not understood|name of a model"):
        read(text)


def test_a_model_is_added_understood_and_asked_about(service, asker):
    added = service.answer(f"model Acme-8B {CONFIG}", asker)
    shown = plain(added)
    assert "our/acme-8b is your team's own from now on" in shown
    for words in (
        "8.03B parameters",
        "32 x 4,096",
        "32 / 8 / 128",
        "GQA",
        "128,256",
        "131,072 bytes per token",
        "BF16, 15.0 GB of weights",
    ):
        assert words in shown
    assert total(service, asker) == total(service, asker, "llama-3.1-8b on H100, 500 tokens")
    answer = service.answer(ASK, asker)
    assert answer.data["resolved"]["model"] == "our/acme-8b"
    assert "our/acme-8b BF16 on H100" in plain(answer)


@pytest.mark.parametrize(
    "form",
    [
        "model acme-8b\n{}",
        "model our/acme-8b {}",
        "model add acme-8b ```{}```",
        "model acme-8b\n```json\n{}\n```",
        "Model: acme-8b\n{}",
    ],
)
def test_it_is_pasted_in_any_way(form, service, asker):
    service.answer(form.replace("{}", CONFIG), asker)
    assert [one.name for one in service.desk(asker).own_models.current()] == ["our/acme-8b"]


def test_what_slack_does_to_text_is_undone():
    slack = CONFIG.replace('"', "“", 1).replace('"', "”").replace("  ", "\u00a0 ").replace("llama", "ll&amp;ama")
    linked = slack.replace("{", "{“_name_or_path”: “<http://acme.ai|acme.ai>”,", 1)
    read_back = json.loads(read_config(f"```{linked}```"))
    assert read_back == {**LLAMA, "model_type": "ll&ama", "_name_or_path": "acme.ai"}
    typographic = json.dumps({"model_type": "“x”"}, ensure_ascii=False)
    assert json.loads(read_config(typographic)) == {"model_type": "“x”"}


@pytest.mark.parametrize(
    ("text", "field", "words"),
    [
        ('model acme {"a": 1,}', "config", "line 1, column 9"),
        ('model acme {"a": ', "config", "ends too early"),
        ("model acme\nhello", "config", "from the first"),
        ("model acme\n[1, 2]", "config", "object"),
        ("model acme {}", "config", "num_hidden_layers"),
        ("model acme 8b {}", "name", "dashes"),
        ("model acme_8b {}", "name", "dashes"),
        (f"model {'a' * 61} {{}}", "name", "at most 60"),
        ("model remove", "name", "model list"),
        ("model list of all", "model", "page 2"),
        ("model list page 2", "page", "no page 2"),
        ("model our/nothing", "name", "no model our/nothing"),
        ("model remove our/nothing yes", "name", "no model our/nothing"),
        ("model restore our/nothing", "name", "no model our/nothing"),
        ("model add", "config", "Paste"),
        (ASK, "model_size", "no model our/acme-8b"),
        ('model acme {"a":' + "[" * 100_000, "config", "too deeply"),
        ('model acme {"a": ' + "9" * 5000 + "}", "config", "digits"),
        ('model acme {"a": "' + "x" * MOST_BYTES + '"}', "config", "256 KB"),
    ],
)
def test_what_is_not_understood_names_the_field_and_says_what_to_type(text, field, words, service, asker):
    with pytest.raises(QuestionError, match=words) as error:
        service.answer(text, asker)
    assert error.value.field == field
    assert len(error.value.message) < 400
    assert not check_message({"text": "x", "blocks": list(service.reply(text, asker).blocks)})


def test_a_model_is_not_hosted_and_says_so(service, asker):
    service.answer(f"model acme-8b {CONFIG}", asker)
    with pytest.raises(QuestionError, match=r"Nobody hosts our/acme-8b.*`on H100`"):
        service.answer("our/acme-8b api", asker)
    with pytest.raises(QuestionError, match="On which hardware"):
        service.answer("our/acme-8b, 500 tokens", asker)
    with pytest.raises(QuestionError, match="at most 131,072 tokens"):
        service.answer("our/acme-8b on H100, 200k tokens", asker)


def test_without_a_name_it_is_called_after_its_path_or_its_size_and_a_number_keeps_names_apart(service, asker):
    for config, name in (
        (LLAMA | {"_name_or_path": "/data/runs/Acme Chat_v2/"}, "our/acme-chat-v2"),
        (LLAMA, "our/llama-8.0b"),
        (LLAMA | {"vocab_size": 128_300}, "our/llama-8.0b-2"),
        (LLAMA, "our/llama-8.0b"),
        (LLAMA | {"_name_or_path": "././"}, "our/llama-8.0b-3"),
    ):
        assert service.answer(f"model {json.dumps(config)}", asker).data["name"] == name


def test_the_same_file_again_is_harmless_and_told(service, asker):
    service.answer(f"model acme-8b {CONFIG}", asker)
    again = service.answer(f"model acme-8b {json.dumps(LLAMA)}", asker)
    assert "our/acme-8b is there already" in again.text
    assert "our/acme-8b is there already" in service.answer(f"model {CONFIG}", asker).text
    with pytest.raises(QuestionError, match="name of another"):
        service.answer(f"model acme-8b {json.dumps(LLAMA | {'num_hidden_layers': 40})}", asker)


def test_removing_asks_back_tells_what_is_tracked_and_can_be_undone(service, asker):
    service.answer(f"model acme-8b {CONFIG}", asker)
    service.answer("track support-bot: our/acme-8b on L40S cloud 100/h", asker)
    asked = service.answer("model remove our/acme-8b", asker)
    assert "Tracked with it: support-bot" in plain(asked)
    assert total(service, asker)
    done = service.answer(asked.blocks[1]["elements"][0]["value"], asker)
    with pytest.raises(QuestionError, match="no model our/acme-8b"):
        service.answer(ASK, asker)
    assert "support-bot" in plain(service.answer("summary week", asker)), "what is tracked goes on"
    service.answer(done.blocks[-1]["elements"][0]["value"], asker)
    assert total(service, asker)


def test_undo_of_adding_removes(service, asker):
    added = service.answer(f"model acme-8b {CONFIG}", asker)
    undo = next(one["value"] for one in added.blocks[-1]["elements"] if one["action_id"] == "undo")
    assert "is removed" in service.answer(undo, asker).text
    assert "no models of its own yet" in service.answer("model list", asker).text


def test_whoever_added_it_or_an_admin_removes_it(service, asker):
    service.answer(f"model acme-8b {CONFIG}", asker)
    with pytest.raises(QuestionError, match="belongs to someone else") as error:
        service.answer("model remove our/acme-8b yes", asker.model_copy(update={"user_id": "U2"}))
    assert error.value.field == "owner"


def test_another_workspace_sees_none_of_it(service, asker):
    service.answer(f"model acme-8b {CONFIG}", asker)
    stranger = Asker(team_id="T2", user_id="U1", channel_id="C1")
    assert service.answer("model list", stranger).data["total"] == 0
    for text in (ASK, "model our/acme-8b", "model restore our/acme-8b"):
        with pytest.raises(QuestionError, match="no model our/acme-8b"):
            service.answer(text, stranger)
    service.answer(f"model acme-8b {json.dumps(LLAMA | {'num_hidden_layers': 40})}", stranger)
    assert total(service, asker) != total(service, stranger)


def test_every_page_of_the_longest_list_fits_and_the_limit_is_told(service, asker):
    configs = [json.dumps({**PUBLISHED["gemma-4-26b-a4b"], "_name_or_path": f"{'x' * 48}{n}"}) for n in range(MOST)]
    for number, config in enumerate(configs):
        service.answer(f"model {'x' * 50}{number:03} {config}", asker)
    with pytest.raises(QuestionError, match="200 models already"):
        service.answer(f"model one-more {CONFIG}", asker)
    page, names = service.answer("model list", asker), []
    while True:
        assert not check_message({"text": page.text, "blocks": list(page.blocks)})
        names += [one["name"] for one in page.data["models"]]
        following = [one["value"] for one in page.blocks[-1]["elements"] if one["action_id"] == "more"]
        if not following:
            break
        page = service.answer(following[0], asker)
    assert len(set(names)) == MOST


@pytest.mark.parametrize("key", PUBLISHED)
def test_what_was_understood_of_every_kind_of_model_fits_in_a_message(key, service, asker):
    answer = service.answer(f"model x {json.dumps(PUBLISHED[key])}", asker)
    assert not check_message({"text": answer.text, "blocks": list(answer.blocks)})
    assert "None" not in plain(answer)


def test_what_people_wrote_never_becomes_markup(service, asker):
    config = json.dumps(LLAMA | {"model_type": "<!channel>*x*", "hidden_act": "silu"})
    answer = service.answer(f"model x {config}", asker)
    assert "<!channel>" not in str(answer.blocks)
    refused = service.reply(f"model x {json.dumps(LLAMA | {'attn_<!here>': '<!channel>'})}", asker)
    assert "<!" not in str(refused.blocks)


def test_a_stored_file_that_is_understood_no_longer_stops_nothing_else(tmp_path, asker):
    with fresh(tmp_path / "a.db") as database:
        service = Service(database, lambda: datetime(2026, 11, 24, tzinfo=UTC))
        OwnModels(database).add("T1", "U1", "our/old", '{"model_type":"mamba"}', datetime(2026, 11, 24, tzinfo=UTC))
        assert service.answer("7B on RTX4090", asker).data["results"]
        assert "understood no longer" in plain(service.answer("model list", asker))
        with pytest.raises(QuestionError, match="mamba"):
            service.answer("model our/old", asker)


@pytest.mark.parametrize(
    "text",
    ["model llama-3.1-8b on L4", "model 7B on RTX4090, 500 tokens", "model: 7B, hardware: L4", "model = 7B on L4"],
)
def test_the_word_model_before_a_question_stays_part_of_it(text):
    assert isinstance(read(text), EstimateQuestion)


@pytest.mark.parametrize("text", ["model", "Model: ", "form model"])
def test_the_word_alone_opens_the_form(text):
    assert read(text) == FormQuestion(about="model")


def submitted(**values):
    view = opened_from(model_form(""), Origin(channel="C1"))
    state = {name: {name: {"value": value}} for name, value in values.items()}
    return form_question({**view, "state": {"values": state}})


def test_the_form_asks_what_is_typed():
    assert not check_view(model_form("our/acme-8b"))
    assert submitted(name="Acme-8b", config=CONFIG) == read(f"model acme-8b {CONFIG}")
    for values, field in (
        ({}, "config"),
        ({"name": "a b", "config": CONFIG}, "name"),
        ({"config": "{"}, "config"),
        ({"config": '{"model_type": "mamba"}'}, "config"),
    ):
        with pytest.raises(QuestionError) as error:
            submitted(**values)
        assert error.value.field == field


def test_in_slack_a_model_is_added_by_its_form_asked_about_and_removed(place):
    ada = place.person()
    ada.type("/inference model", COSTS)
    ada.wait_for_modal("Your team's own model")
    assert "num_hidden_layers" in ada.submit({"config.json": "{}"})["config"]
    both = {"Or the file": ("config.json", CONFIG.encode())}
    assert "remove the file" in ada.submit(both)["file"]
    assert ada.submit({"config.json": "", "Name": "acme-8b", "Or the file": ("config.json", CONFIG.encode())}) == {}
    added = ada.wait_for_message(COSTS, containing="is your team's own from now on")
    ada.click(added, "Ask…")
    ada.wait_for_modal("Inference estimate")
    assert ada.submit({"Hardware": "L4"}) == {}
    assert "our/acme-8b BF16 on L4" in ada.wait_for_message(COSTS, containing="Fits").words
    ada.click(added, "Your models")
    ada.click(ada.wait_for_message(COSTS, containing="1 in all"), "Remove")
    ada.click(ada.wait_for_message(COSTS, containing="are refused from then on"), "Remove")
    ada.click(ada.wait_for_message(COSTS, containing="is removed"), "Undo")
    ada.wait_for_message(COSTS, containing="is your team's own from now on")


def test_a_file_attached_to_a_mention_is_read(place):
    ada = place.person()
    ada.mention("model acme-8b", COSTS, files=[("config.json", CONFIG.encode())])
    ada.wait_for_message(COSTS, containing="our/acme-8b is your team's own from now on")
    ada.mention("our/acme-8b on H100, 500 tokens", COSTS)
    assert "our/acme-8b BF16 on H100" in ada.wait_for_message(COSTS, containing="Fits").words
    ada.mention("model", COSTS, files=[("config.json", b"not json")])
    ada.wait_for_message(COSTS, containing="is no JSON")


def test_the_select_of_the_form_lists_the_teams_own_models_first(place):
    ada = place.person()
    ada.type(f"/inference model acme-8b {CONFIG}", COSTS)
    ada.wait_for_message(COSTS, containing="your team's own from now on")
    ada.type("/inference form", COSTS)
    ada.wait_for_modal("Inference estimate")
    for typed in ("", "acme", "our/"):
        assert ada.options("Model", typed)[0] == "our/acme-8b (your team's own)"
    assert "our/acme-8b" not in str(ada.options("Model", "llama"))
