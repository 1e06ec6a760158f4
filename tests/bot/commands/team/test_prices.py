"""`prices`: the price book, the team's own prices in it, and what estimates make of them."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands import read
from bot.commands.team.prices_question import PricesQuestion
from bot.desk.asker import Asker
from bot.language.cleaning import clean
from bot.limits.payloads import check_message
from bot.service import Service
from bot.terminal import plain
from calculator.catalog import gpu_keys
from calculator.catalog.price_book import providers
from calculator.errors import QuestionError
from storage.database import Database
from storage.errors import DatabaseLocked
from storage.rates import RateBook

ASK = "llama-3.1-8b on H100, 1000 req/h"
NOTES = st.text(max_size=60).map(lambda text: clean(text).lstrip(" :=,"))
MONEY = st.decimals(Decimal("0.0001"), Decimal(100_000), places=6, allow_nan=False)


def cost(service, asker, text=ASK):
    return service.answer(text, asker).data["results"]["cost"]["price"]


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("prices", {}),
        ("prices H100 page 2", {"hardware_type": "H100", "page": 2}),
        ("prices of rtx 4090", {"hardware_type": "rtx 4090"}),
        ("prices set H100 $2.10/h", {"part": "set", "hardware_type": "H100", "price": Decimal("2.10")}),
        (
            "prices add aws rtx 4090 at 0.5 usd/h",
            {"part": "set", "hardware_type": "rtx 4090", "price": Decimal("0.5"), "provider": "aws"},
        ),
        (
            "prices set $1.80 per hour A100 80GB from genesis cloud, note: “reserved” — until June $5/h",
            {
                "part": "set",
                "hardware_type": "A100 80GB",
                "price": Decimal("1.80"),
                "provider": "genesis-cloud",
                "note": '"reserved" until June $5/h',
            },
        ),
        ("prices remove #3 yes", {"part": "remove", "number": 3, "sure": True}),
        ("prices history page 2", {"part": "history", "page": 2}),
    ],
)
def test_a_price_is_said_in_any_order(text, fields):
    question = read(text)
    assert isinstance(question, PricesQuestion)
    assert question.model_dump(exclude_defaults=True) == fields


@pytest.mark.parametrize(
    ("text", "field", "words"),
    [
        ("set", "hardware_type", "prices set H100"),
        ("set H100", "price", "How much"),
        ("set H100 2.10", "price", "per what"),
        ("set RTX 4090 $2", "price", "per what"),
        ("set RTX 4090", "price", "How much"),
        ("set $2.10/h", "hardware_type", "Which accelerator"),
        ("set H1000x $2.10/h", "hardware_type", "h100"),
        ("set H100 $2,1/h", "price", "two ways"),
        ("set H100 $0/h", "price", "at least"),
        ("set H100 $2/h $3/h", "price", "twice"),
        ("set H100 $2/h awz", "provider", "note awz"),
        ("remove", "number", "prices remove 3"),
        ("remove all", "number", "all"),
        ("H1000x", "hardware_type", "h100"),
        ("H100 aws", "prices", "prices H100"),
        ("history H100", "prices", "page 2"),
    ],
)
def test_what_is_not_understood_names_the_field_and_says_what_to_type(text, field, words):
    with pytest.raises(QuestionError) as error:
        read(f"prices {text}")
    assert error.value.field == field
    assert words in str(error.value)


QUESTIONS = st.one_of(
    st.builds(PricesQuestion, hardware_type=st.sampled_from([None, *gpu_keys()]), page=st.integers(1, 1000)),
    st.builds(PricesQuestion, part=st.just("history"), page=st.integers(1, 1000)),
    st.builds(PricesQuestion, part=st.just("remove"), number=st.integers(1, 999_999_999), sure=st.booleans()),
    st.builds(
        PricesQuestion,
        part=st.just("set"),
        hardware_type=st.sampled_from(gpu_keys()),
        price=MONEY,
        provider=st.sampled_from([None, *providers()]),
        note=NOTES,
    ),
)


@given(QUESTIONS)
def test_every_question_reads_back_equal(question):
    assert read(str(question)) == question


def test_an_estimate_takes_the_teams_own_price_and_says_so(service, asker):
    before = cost(service, asker)
    service.reply("prices set H100 $2.10/h note reserved until June", asker)
    price = cost(service, asker)
    assert (before["basis"], price["basis"], price["usd_per_gpu_hour"]) == ("cloud", "own", 2.1)
    shown = plain(service.reply(ASK, asker))
    assert "$2.10/h per card: your team's own price 1 since 2026-11-24: reserved until June" in shown
    assert cost(service, asker, f"{ASK} $9/h")["basis"] == "stated"
    assert cost(service, asker, f"{ASK} gcp")["providers"] == ["gcp"]


def test_a_comparison_and_a_rerun_take_it_too(service, asker):
    service.reply(ASK, asker)
    service.reply("prices set H100 $2.10/h", asker)
    again = service.answer("rerun 1", asker)
    assert again.data["results"]["cost"]["price"]["basis"] == "own"
    compared = service.answer("compare 7B on H100 vs 7B on L4, 1000 req/h", asker)
    bases = [option["results"]["cost"]["price"]["basis"] for option in compared.data["options"]]
    assert bases == ["own", "cloud"]


def test_an_estimate_is_answered_with_the_catalogs_price_where_the_book_cannot_be_read(service, asker, monkeypatch):
    service.reply("prices set H100 $2.10/h", asker)

    def locked(*_):
        raise DatabaseLocked(service._tables.database.path)

    monkeypatch.setattr(RateBook, "current", locked)
    assert cost(service, asker)["basis"] == "cloud"
    assert "in use" in service.reply("prices", asker).text


def test_the_book_lists_own_prices_first_then_every_card_page_by_page(service, asker):
    service.reply("prices set mi210 $1.10/h note a_quote", asker)
    first = service.answer("prices", asker)
    assert first.blocks[1]["text"]["text"].startswith("*1*  Instinct MI210: *$1.10*, since <!date^")
    assert "<@U1>" in first.blocks[1]["text"]["text"]
    assert first.blocks[1]["accessory"]["value"] == "prices remove 1"
    seen, page = [item["gpu"] for item in first.data["items"]], first
    while page.blocks[-1]["type"] == "actions":
        page = service.answer(page.blocks[-1]["elements"][0]["value"], asker)
        seen += [item["gpu"] for item in page.data["items"]]
    assert len(seen) == len(set(seen)) == first.data["total"] - 1
    assert "h100-sxm" in seen


def test_the_offers_of_a_card_have_dates_ages_and_sources_and_old_ones_say_so(service, asker):
    shown = plain(service.answer("prices H100", asker))
    assert "vast-ai       any     $1.49      $1.10  2026-05-24, 184 days ago, old  vast.ai" in shown
    assert "nebius        any     $2.15      –      2026-08-21, 95 days ago" in shown
    assert "95 days ago, old" not in shown
    assert "H100 -> H100 SXM5 80GB (others: h100-pcie, h100-nvl)" in shown


def test_a_new_price_tells_what_it_replaces_and_undo_takes_it_back(service, asker):
    first = service.answer("prices set H100 $2.50/h aws note a quote", asker)
    second = service.answer("prices set H100 $2.10/h aws", asker)
    assert "It was $2.50 since 2026-11-24" in plain(second)
    service.answer(second.blocks[-1]["elements"][0]["value"], asker)
    assert service.answer("prices H100", asker).data["own"][0]["usd_per_gpu_hour"] == 2.5
    assert first.blocks[-1]["elements"][0]["value"] == "prices remove 1 yes"


def test_removing_asks_back_and_can_be_undone(service, asker):
    service.answer("prices set H100 $2.10/h aws note until June", asker)
    asked = service.answer("prices remove 1", asker)
    assert service.answer("prices H100", asker).data["own"]
    done = service.answer(asked.blocks[1]["elements"][0]["value"], asker)
    assert not service.answer("prices H100", asker).data["own"]
    assert "$2.10" in plain(service.answer("prices history", asker))
    service.answer(done.blocks[-1]["elements"][0]["value"], asker)
    [rate] = service.answer("prices H100", asker).data["own"]
    assert (rate["number"], rate["usd_per_gpu_hour"], rate["provider"], rate["note"]) == (2, 2.1, "aws", "until June")


@pytest.mark.parametrize("text", ["prices remove 7", "prices remove 7 yes"])
def test_a_number_that_is_not_there_is_refused(text, service, asker):
    with pytest.raises(QuestionError, match="no price 7") as error:
        service.answer(text, asker)
    assert error.value.field == "number"


def test_another_workspace_sees_and_uses_none_of_it(service, asker):
    service.answer("prices set H100 $2.10/h", asker)
    stranger = Asker(team_id="T2", user_id="U1", channel_id="C1")
    assert cost(service, stranger)["basis"] == "cloud"
    assert service.answer("prices H100", stranger).data["own"] == []
    with pytest.raises(QuestionError):
        service.answer("prices remove 1 yes", stranger)


def test_any_number_of_own_prices_fits_in_a_message(service, asker):
    for name in providers():
        for gpu in ("H100", "h100-pcie"):
            service.answer(f"prices set {gpu} $2.10/h {name} note {'<&>' * 66}", asker)
    for text in ("prices", "prices page 2", "prices page 5", "prices H100", "prices history"):
        answer = service.answer(text, asker)
        assert not check_message({"text": answer.text, "blocks": list(answer.blocks)})


def test_a_note_never_becomes_a_mention(service, asker):
    answer = service.answer("prices set H100 $2.10/h note <!channel> <@U2>", asker)
    assert "<!channel>" not in str(answer.blocks)
    assert "<@U2>" not in str(service.answer("prices", asker).blocks)


def test_prices_hold_after_a_restart(tmp_path, asker):
    for text in ("prices set H100 $2.10/h", "prices H100"):
        with Database(tmp_path / "a.db") as database:
            answer = Service(database, lambda: datetime(2026, 11, 24, tzinfo=UTC)).answer(text, asker)
    assert answer.data["own"][0]["usd_per_gpu_hour"] == 2.1


def test_in_slack_a_price_is_entered_used_and_taken_back_by_buttons(place):
    ada = place.person()
    ada.type("/inference prices set H100 $2.10/h note until June")
    entered = ada.wait_for_message(containing="$2.10 per card and hour")
    assert entered.is_ephemeral
    ada.type(f"/inference {ASK}")
    assert "your team's own price 1" in ada.wait_for_message(containing="own price").words
    ada.click(entered, "Price book")
    ada.click(ada.wait_for_message(containing="dollars per card and hour"), "Remove")
    ada.click(ada.wait_for_message(containing="Remove price 1"), "Remove")
    ada.click(ada.wait_for_message(containing="has ended"), "Undo")
    assert "$2.10" in ada.wait_for_message(containing="from now on").words
