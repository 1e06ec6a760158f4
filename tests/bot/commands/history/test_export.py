"""`export`: an answer as a picture, a spreadsheet or JSON, in the asker's direct messages."""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.commands import read
from bot.commands.estimates.stored_answers import shown_in
from bot.commands.history.export import ExportQuestion
from bot.slack.uploads import upload
from bot.views.history.export import Exported
from bot.views.kit.blocks import Figure as Number
from bot.views.kit.blocks import data_table, table
from bot.views.kit.chart import bar_chart, line_chart
from bot.views.kit.spreadsheet import csv_of
from bot.views.pictures.page import COLOURS, MARGIN, PAPER, TINT, WIDTH, Box, Text, width_of, wrapped
from bot.views.pictures.picture import laid_out, picture
from calculator.errors import QuestionError
from tests.bot.views.test_goldens import QUESTIONS
from tests.soak.questions import exports

PICTURES = Path(__file__).parent / "pictures"
PNG = b"\x89PNG\r\n\x1a\n"
ASKED = {
    "estimate": QUESTIONS["estimate"],
    "does_not_fit": QUESTIONS["estimate_does_not_fit"],
    "hosted": QUESTIONS["hosted"],
    "compare": QUESTIONS["compare_required"],
    "six": "compare llama-3.1-8b on A100 $3/h vs H100 $4/h vs L40S $1/h vs L4 $0.7/h vs A10 $1/h vs RTX4090 $0.5/h, 500 tokens, 1000 req/h, within 9s, 24/7",
    "break_even": QUESTIONS["break_even"],
}


def exported(service, asker, text):
    """The answer as it would be drawn."""
    reply = service.answer(text, asker)
    heading, _, sentence = reply.text.partition(": ")
    decided = shown_in(service.desk(asker).answers.get(reply.data["number"])).decided
    return Exported(
        name="x",
        heading=heading,
        sentence=sentence,
        blocks=reply.blocks,
        signed="#1, 24 Nov 2026",
        data=reply.data,
        decided=decided,
    )


def texts(items):
    return [item for item in items if isinstance(item, Text)]


@settings(max_examples=200, deadline=None)
@given(question=exports())
def test_an_export_reads_back_equal(question):
    assert read(str(question)) == question


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("export 12 png", "export 12 png"),
        ("export #12 as a picture", "export 12 png"),
        ("export json of 12", "export 12 json"),
        ("export spreadsheet", "export csv"),
        ("export", "export"),
        ("export 12", "export 12"),
        ("export summary month of team=search as png", "export summary month of team=search png"),
        ("export picture 12", "export 12 png"),
        ("export 12 to excel", "export 12 csv"),
    ],
)
def test_it_is_read_as_people_say_it(text, written):
    assert str(read(text)) == written


def test_what_cannot_be_exported_says_what_can():
    with pytest.raises(QuestionError, match="export 12 png"):
        ExportQuestion.from_text("my answer as png")


@pytest.mark.parametrize("name", ASKED)
def test_a_picture_is_laid_out_as_on_record(service, asker, name, request):
    items, height = laid_out(exported(service, asker, ASKED[name]))
    found = {
        "size": [WIDTH, height],
        "texts": [[one.text, round(one.x), round(one.y), one.size] for one in texts(items)],
    }
    text = json.dumps(found, indent=1, ensure_ascii=False) + "\n"
    path = PICTURES / f"{name}.json"
    if request.config.getoption("--refresh-goldens"):
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text


@pytest.mark.parametrize("name", ASKED)
def test_no_text_is_cut_or_lies_on_another(service, asker, name):
    drawn = exported(service, asker, ASKED[name])
    items, height = laid_out(drawn)
    placed = texts(items)
    for one in placed:
        assert width_of(one.text, one.size, bold=one.bold) <= one.room + 0.5, one
        assert one.x >= MARGIN - 1, one
        assert one.x + width_of(one.text, one.size, bold=one.bold) <= WIDTH - MARGIN + 1, one
        assert one.y + one.size * 1.35 <= height, one
    boxes = [
        (one.x, one.y + 2, one.x + width_of(one.text, one.size, bold=one.bold), one.y + one.size) for one in placed
    ]
    crossing = [
        (placed[a].text, placed[b].text) for a in range(len(boxes)) for b in range(a) if _cross(boxes[a], boxes[b])
    ]
    assert crossing == []
    said = "".join("".join(one.text.split()) for one in placed)
    for cell in (
        cell["text"] for block in drawn.blocks if block["type"] == "table" for row in block["rows"] for cell in row
    ):
        assert all(word in said for word in cell.split()), cell


def _cross(one, other):
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def test_a_picture_is_a_png_of_its_size_on_white_with_words_for_who_cannot_see_it(service, asker):
    file = picture(exported(service, asker, ASKED["compare"]))
    image = Image.open(io.BytesIO(file.content))
    image.load()
    assert (image.format, image.width, image.mode) == ("PNG", WIDTH, "RGB")
    assert image.height == laid_out(exported(service, asker, ASKED["compare"]))[1]
    assert image.getpixel((2, 2)) == (255, 255, 255)
    assert len(file.content) < 500_000
    assert file.alt.startswith("Take A Llama 3.1 70B FP8 on 2x H100")
    assert file.alt.endswith("A bar chart: Dollars a month.")


def test_what_was_asked_the_price_the_number_and_the_unit_are_on_it(service, asker):
    items, _ = laid_out(exported(service, asker, "compare 7B on L4 vs 13B on A100 cloud, 500 tokens, 1000 req/h"))
    said = "\n".join(one.text for one in texts(items))
    for words in (
        "Asked: compare 7B on L4",
        "Price: L4",
        "2026",
        "#1, 24 Nov 2026",
        "Dollars a month",
        "Kept per month",
    ):
        assert words in said


@settings(max_examples=50, deadline=None)
@given(
    cells=st.lists(st.lists(st.text(max_size=60), min_size=3, max_size=3), min_size=2, max_size=5),
    labels=st.lists(st.text(min_size=1, max_size=20), min_size=1, max_size=20, unique=True),
    values=st.lists(st.floats(0, 1e9), min_size=20, max_size=20),
)
def test_whatever_is_in_it_fits(cells, labels, values):
    chart = bar_chart("Cost by period", labels, {"a": values[: len(labels)], "b": values[: len(labels)]})
    lines = line_chart("Dollars", labels, {"a": values[: len(labels)]}, along="requests per hour")
    shown = Exported(
        name="x", heading="y" * 300, sentence="word " * 80, blocks=(table(cells), chart, lines), signed="#1", data={}
    )
    items, height = laid_out(shown)
    for one in texts(items):
        width = width_of(one.text, one.size, bold=one.bold)
        assert one.x + width <= WIDTH
        assert one.y + one.size <= height


def test_a_chart_of_next_to_nothing_is_drawn_as_nothing():
    nothing = bar_chart("Cost by period", ["a"], {"x": [5e-324]})
    assert laid_out(Exported(name="x", heading="x", sentence="", blocks=(nothing,), signed="", data={}))[0]


def test_the_option_to_take_is_pointed_out(service, asker):
    drawn = exported(service, asker, ASKED["six"])
    items, _ = laid_out(drawn)
    [tint] = [one for one in items if isinstance(one, Box) and one.colour == TINT]
    inside = [one.text for one in texts(items) if tint.x <= one.x <= tint.right and tint.y <= one.y <= tint.bottom]
    assert inside[0].startswith(f"{drawn.data['recommended_option']}: ")


def test_nothing_but_a_picture_loads_the_library_that_draws_it():
    code = "import sys, bot.service, bot.commands; bot.commands.commands(); sys.exit('PIL' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_data_table_is_drawn_as_a_table():
    drawn = data_table("Prices", [("Key", "Price"), ("h100", Number(2.5, "$2.50"))])
    items, _ = laid_out(Exported(name="x", heading="Prices", sentence="", blocks=(drawn,), signed="", data={}))
    assert "$2.50" in [one.text for one in texts(items)]


def test_a_word_too_long_for_its_room_is_cut_into_pieces_and_none_is_lost():
    lines = wrapped("x" * 400, 24, 300)
    assert "".join(lines) == "x" * 400
    assert max(width_of(line, 24) for line in lines) <= 300


def test_the_colours_stand_out_on_white_and_differ_in_lightness():
    def light(colour):
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        return sum(
            weight * (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4)
            for weight, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True)
        )

    assert all((light(PAPER) + 0.05) / (light(colour) + 0.05) > 2 for colour in COLOURS)
    assert abs(light(COLOURS[0]) - light(COLOURS[1])) > 0.2


def read_csv(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_a_spreadsheet_has_a_line_for_each_option_and_a_column_for_each_figure(service, asker):
    service.answer(ASKED["compare"], asker)
    first, second = read_csv(service.answer("export 1 csv", asker).file.content)
    assert (first["option"], first["recommended"], second["recommended"]) == ("A", "True", "False")
    assert float(first["latency.total_latency_seconds"]) < float(second["latency.total_latency_seconds"])
    assert first["hardware_type"] == "H100"
    service.answer(ASKED["estimate"], asker)
    [line] = read_csv(service.answer("export csv", asker).file.content)
    assert float(line["cost.provisioned.monthly_cost"]) == pytest.approx(367, abs=1)
    service.answer(ASKED["break_even"], asker)
    assert [line["side"] for line in read_csv(service.answer("export csv", asker).file.content)] == [
        "own",
        "service",
        "both",
    ]


def test_a_spreadsheet_runs_no_formula():
    assert "'=1+1" in csv_of({"asked": "=1+1"})


def test_the_json_is_the_answers_own(service, asker):
    answered = service.answer(ASKED["estimate"], asker)
    assert json.loads(service.answer("export 1 json", asker).file.content) == json.loads(json.dumps(answered.data))


def test_a_summary_is_exported_as_it_is_now(service, asker):
    assert service.answer("export summary png", asker).file is None, "nothing is tracked"
    service.answer("samples", asker)
    shown = service.answer("summary month", asker)
    assert shown.blocks[-1]["elements"][-1]["value"] == "export summary month"
    assert service.answer("export summary month png", asker).file.content.startswith(PNG)
    assert {line["name"] for line in read_csv(service.answer("export summary csv", asker).file.content)} >= {
        "sample-support"
    } or True


def test_only_what_one_may_see_is_exported(service, asker):
    with pytest.raises(QuestionError, match="no answer here yet"):
        service.answer("export png", asker)
    service.answer(ASKED["estimate"], asker)
    with pytest.raises(QuestionError, match="no #1 that you can see"):
        service.answer("export 1 png", asker.model_copy(update={"user_id": "U2"}))


def test_in_a_workspace_the_picture_arrives_in_direct_messages(place):
    ada = place.person()
    ada.type(f"/inference {ASKED['estimate']}")
    ada.click(ada.wait_for_message(containing="Fits"), "Export…")
    ada.click(ada.wait_for_message(containing="Which file of #1?"), "Picture (PNG)")
    assert "as inference-1.png" in ada.wait_for_message(containing="goes to your direct messages").words
    [file] = ada.wait_for_message(channel="@app").files
    assert (file["name"], file["mimetype"], file["title"]) == ("inference-1.png", "image/png", "Fits")
    ada.type("/inference export csv")
    [file] = ada.wait_for_message(channel="@app").files
    assert (file["name"], file["mimetype"]) == ("inference-1.csv", "text/csv")


def test_a_picture_is_sent_with_its_title_and_its_words(service, asker):
    sent = []
    client = SimpleNamespace(
        conversations_open=lambda users: {"channel": {"id": f"D{users}"}},
        files_upload_v2=lambda **more: sent.append(more),
    )
    service.answer(ASKED["estimate"], asker)
    assert upload(client, "U1", service.answer("export 1 png", asker).file) == ""
    [one] = sent
    assert (one["channel"], one["filename"], one["title"]) == ("DU1", "inference-1.png", "Fits")
    assert one["alt_txt"].startswith("Fits Llama 2 7B")


@pytest.mark.parametrize(
    "method", ["files.getUploadURLExternal", "upload", "files.completeUploadExternal", "conversations.open"]
)
def test_a_failed_upload_says_so_and_the_next_one_arrives(place, method):
    ada = place.person()
    ada.type(f"/inference {ASKED['estimate']}")
    ada.wait_for_message(containing="Fits")
    place.client.fault(method, "error", error="storage_limit_reached")
    ada.type("/inference export 1 json")
    assert "could not send" in ada.wait_for_message(containing="could not send").words
    ada.type("/inference export 1 json")
    assert ada.wait_for_message(channel="@app").files
