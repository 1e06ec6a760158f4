"""Random valid questions, one strategy per kind."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import get_args

from annotated_types import Ge, Gt, Le
from hypothesis import strategies as st

from bot.calendar.zones import zone_names
from bot.commands.admin.audit import AuditQuestion
from bot.commands.admin.channels import ChannelsQuestion
from bot.commands.admin.privacy import WORKSPACE, PrivacyQuestion
from bot.commands.decisions.break_even_question import BreakEvenQuestion
from bot.commands.decisions.compare_question import CompareQuestion
from bot.commands.decisions.wanted import Wanted
from bot.commands.decisions.what_if_question import WhatIfQuestion
from bot.commands.estimates.estimate_question import EstimateQuestion
from bot.commands.forms.form import FormQuestion
from bot.commands.help.accuracy import AccuracyQuestion
from bot.commands.help.catalog import CatalogQuestion
from bot.commands.help.help import HelpQuestion
from bot.commands.help.start import StartQuestion
from bot.commands.history.export import ExportQuestion
from bot.commands.history.history import HistoryQuestion
from bot.commands.history.launch import LaunchQuestion
from bot.commands.history.stored import STORED
from bot.commands.scenarios.scenario_question import ScenarioQuestion
from bot.commands.scenarios.scenario_words import RESERVED
from bot.commands.team.calibrate import CalibrationsQuestion
from bot.commands.team.calibrate_question import SETUP, CalibrateQuestion
from bot.commands.team.defaults_question import NAMES as DEFAULTS
from bot.commands.team.defaults_question import NONE, DefaultsQuestion
from bot.commands.team.model_question import ModelQuestion
from bot.commands.team.prices_question import PricesQuestion
from bot.commands.tracking.alerts import AlertsQuestion, RepostQuestion
from bot.commands.tracking.deployment_question import NEEDS, WORDS, DeploymentQuestion
from bot.commands.tracking.deployments import DeploymentsQuestion
from bot.commands.tracking.samples import PARTS as SAMPLE_PARTS
from bot.commands.tracking.samples import SamplesQuestion
from bot.commands.tracking.schedule_question import ON_ONE, ScheduleQuestion
from bot.commands.tracking.summary import SummaryQuestion
from bot.commands.tracking.track import TrackQuestion
from bot.commands.tracking.usage import UsageQuestion
from bot.desk.question import Question
from bot.language.cleaning import clean
from bot.language.quantities import plain
from calculator.catalog import gpu_keys, model_keys
from calculator.catalog.names import hosted_only_keys
from calculator.catalog.price_book import providers
from calculator.errors import QuestionError

SIZES = ("7B", "13b", "70 B")
OURS = st.from_regex(r"our/[a-z0-9](?:[a-z0-9.-]{0,12}[a-z0-9])?", fullmatch=True)
MODELS = st.sampled_from([*model_keys(), *hosted_only_keys(), *SIZES]) | OURS
HARDWARE = st.sampled_from(list(gpu_keys()))
CHANNELS = st.one_of(st.just("here"), st.from_regex(r"C[A-Z0-9]{8}", fullmatch=True))
TYPED = st.text(max_size=40).map(clean)
NUMBERS = st.integers(1, 999_999_999)
TINY = 1e-9
"""Nothing that is asked for is smaller, in any unit."""


def _values(field: str) -> st.SearchStrategy:
    """The values of a field, from its type and bounds, or from its words."""
    phrase = next(phrase for phrase in EstimateQuestion.phrases() if phrase.field == field)
    if phrase.quantity.words:
        return st.sampled_from(phrase.quantity.words)
    info = EstimateQuestion.model_fields[field]
    metadata = [*info.metadata, *(item for kind in get_args(info.annotation) for item in _inside(kind))]
    low, high = _bound(metadata, (Ge, Gt), 0), _bound(metadata, (Le,), 10**12)
    if int in get_args(info.annotation):
        return st.integers(int(low), int(high))
    some = st.floats(max(low, TINY), high)
    return some if any(isinstance(one, Gt) for one in metadata) else st.just(low) | some


def _inside(kind: object) -> list[object]:
    return [bound for item in getattr(kind, "__metadata__", ()) for bound in getattr(item, "metadata", [item])]


def _bound(metadata: list[object], kinds: tuple[type, ...], default: float) -> float:
    found = [getattr(one, type(one).__name__.lower()) for one in metadata if isinstance(one, kinds)]
    return found[0] if found else default


NAMED = {"model_size": MODELS, "hardware_type": HARDWARE, "channel": CHANNELS}
FIELDS = {name: NAMED[name] if name in NAMED else _values(name) for name in EstimateQuestion.model_fields}


@st.composite
def estimates(draw: st.DrawFn, names: tuple[str, ...] = tuple(FIELDS)) -> EstimateQuestion:
    """An estimate that says up to seven of the fields, and something at all."""
    said = draw(st.lists(st.sampled_from(names), min_size=1, max_size=7, unique=True))
    values = {name: draw(FIELDS[name]) for name in said}
    if "gpus" in values:
        values["hardware_type"] = draw(HARDWARE)
    if {"use_case", "requests_per_hour"} & set(values) and not {"model_size", "hardware_type"} & set(values):
        values["model_size"] = draw(MODELS)  # a load alone asks for a recommendation
    if {"input_tokens", "output_tokens"} & set(values):
        values.pop("tokens", None)
    return EstimateQuestion(**values)


@st.composite
def comparisons(draw: st.DrawFn) -> CompareQuestion:
    """A comparison as its text reads: what an option leaves out is inherited."""
    plain = tuple(name for name in FIELDS if name != "channel")
    texts = [str(draw(estimates(plain))) for _ in range(draw(st.integers(2, 6)))]
    where = draw(st.sampled_from(["", ", in here", ", in <#C123>"]))
    return CompareQuestion.from_text(" vs ".join(texts) + where)


@st.composite
def break_evens(draw: st.DrawFn) -> BreakEvenQuestion:
    """Hardware against a hosted model, with what may be required of both."""
    names = tuple(name for name in FIELDS if name not in {"channel", "deployment_mode"})
    about = draw(estimates(names)).model_copy(update={"model_size": draw(MODELS), "hardware_type": draw(HARDWARE)})
    hosted = st.sampled_from([*hosted_only_keys(), *model_keys()])
    against = draw(st.none() | hosted.map(lambda name: EstimateQuestion(model_size=name, deployment_mode="api")))
    peak = st.fixed_dictionaries({"peak_factor": st.floats(1, 1000)}, optional={"peak_hours": st.floats(0.01, 24)})
    said = st.fixed_dictionaries(
        {},
        optional={
            "private_share": st.floats(0, 1),
            "budget_usd": CENTS,
            "redundancy": st.just("redundant"),
            "availability": st.sampled_from(["24/7", "business hours"]),
            "channel": st.sampled_from(["here", "C123"]),
        },
    )
    return BreakEvenQuestion(about=about, against=against, **draw(said), **draw(st.just({}) | peak))


def _read(kind: type[Question], text: str) -> Question | None:
    try:
        return kind.from_text(text)
    except QuestionError:
        return None


def others() -> st.SearchStrategy:
    """The questions of every other command."""
    paged = st.builds(lambda words, page: f"{words} page {page}", TYPED, st.integers(0, 999))
    texts = st.one_of(TYPED, paged, st.sampled_from(["csv", "json", "export", "csv page 1", "page 3 page 1"]))
    kinds = st.sampled_from([FormQuestion, HelpQuestion, HistoryQuestion])
    typed = st.builds(_read, kinds, texts)
    listed = st.builds(
        lambda kind, rest: _read(CatalogQuestion, f"{kind} {rest}"),
        st.sampled_from(["gpus", "models", "prices"]),
        texts,
    )
    numbered = st.builds(lambda command, number: command.question(number=number), st.sampled_from(STORED), NUMBERS)
    return st.one_of(typed, listed, numbered).filter(lambda question: question is not None)


NAMES = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,20}", fullmatch=True)
TAGS = st.dictionaries(
    st.from_regex(r"[a-z][a-z-]{0,8}", fullmatch=True),
    st.from_regex(r"[A-Za-z0-9]{1,8}", fullmatch=True),
    min_size=1,
    max_size=3,
)
MOMENTS = st.integers(10**9, 4 * 10**9).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
CENTS = st.integers(1, 10**9).map(lambda number: Decimal(number) / 100)
SPECS = st.sampled_from(["every monday 09:00 Europe/Berlin", "daily 8am", "first of the month 08:00 UTC", "weekdays at 17:30 Australia/Lord_Howe",
                         "0 9 * * 0 UTC", "last day of the month", "every 15 minutes", "15th of every month at 9am"])  # fmt: skip
ABOUT = st.sampled_from(["", "team=search", "support-bot, search", "this channel"])
TEXTS = {
    "becomes": "13B on L40S, 1000 req/h, budget $5 a month",
    "source": 'https://a.example {x="y"} token A engine vllm',
}


@st.composite
def tracked(draw: st.DrawFn) -> TrackQuestion:
    """A deployment to track, with up to seven fields of its question and anything of its own."""
    about = draw(estimates(tuple(name for name in FIELDS if name != "channel")))
    return TrackQuestion(
        name=draw(NAMES),
        about=about,
        budget_usd=draw(st.none() | CENTS),
        price=draw(st.sampled_from([None, "pinned", "floating"])),
        tags=draw(st.none() | TAGS),
        since=draw(st.none() | MOMENTS),
    )


TIMES = st.floats(1e-6, 86_400, allow_subnormal=False)
SPEEDS = st.floats(1e-3, 1e6, allow_subnormal=False)
FIGURES = st.one_of(
    *(st.fixed_dictionaries({name: TIMES}) for name in ("total_latency_seconds", "ttft_seconds", "tpot_seconds")),
    *(
        st.fixed_dictionaries({name: SPEEDS})
        for name in ("tokens_per_second", "output_tokens_per_second", "tokens_per_second_per_user")
    ),
    st.fixed_dictionaries({"ttft_seconds": TIMES, "tpot_seconds": TIMES}),
    st.just({"pasted": "============ Serving Benchmark Result ============\nSuccessful requests: 10"}),
)


def measured() -> st.SearchStrategy:
    """The questions about what was measured."""
    added = st.builds(lambda about, figures: CalibrateQuestion(about=about, **figures), estimates(SETUP), FIGURES)
    numbers = st.lists(NUMBERS, min_size=1, max_size=20).map(tuple)
    removed = st.builds(CalibrateQuestion, part=st.just("remove"), numbers=numbers, sure=st.booleans())
    restored = st.builds(CalibrateQuestion, part=st.just("restore"), numbers=numbers)
    return st.one_of(added, removed, restored, st.builds(CalibrationsQuestion, page=st.integers(1, 10_000)))


def defaults_asked() -> st.SearchStrategy:
    """The questions about what is taken where a question leaves it out."""
    numbers = st.decimals(Decimal("0.01"), Decimal("99.99"), places=2)
    values = {
        "hours": numbers.map(plain),
        "discount": numbers.map(lambda number: f"{plain(number)}%"),
        "provider": st.sampled_from(providers()),
        "zone": st.sampled_from(sorted(zone_names())),
        "currency": numbers.map(lambda rate: f"EUR at {plain(rate)}"),
    }
    said = st.fixed_dictionaries({}, optional={name: st.just(NONE) | values[name] for name in DEFAULTS})
    return st.builds(DefaultsQuestion, workspace=st.booleans(), values=said)


REQUIRED = tuple(name for name in Wanted.model_fields if name != "budget_usd")


def required(name: str) -> st.SearchStrategy:
    """The values of a requirement."""
    phrase = next(phrase for phrase in Wanted.phrases() if phrase.field == name)
    return st.sampled_from(phrase.quantity.words) if phrase.quantity.words else st.floats(1, 1000)


@st.composite
def wondered(draw: st.DrawFn) -> WhatIfQuestion:
    """A `what if`: a wish, or up to seven fields and any requirements, of any answer and option."""
    about = {"number": draw(st.none() | NUMBERS), "option": draw(st.none() | st.sampled_from("ABCDEF"))}
    if draw(st.booleans()):
        return WhatIfQuestion(**about, wish=draw(st.sampled_from(["cheaper", "faster"])))
    different = draw(estimates())
    cards = None if different.hardware_type else draw(st.none() | st.integers(1, 4096))
    needs = draw(
        st.fixed_dictionaries({}, optional={name: required(name) for name in REQUIRED} | {"budget_usd": CENTS})
    )
    return WhatIfQuestion(**about, about=different, gpus=cards, **needs)


def exports() -> st.SearchStrategy:
    """A file of an answer, or of a summary."""
    form = st.sampled_from(["csv", "json", "png"])
    answers = st.builds(ExportQuestion, number=st.none() | NUMBERS, form=st.none() | form)
    about = st.sampled_from(["", "team=search", "support-bot", "this channel"])
    summary = st.builds(SummaryQuestion, period=st.sampled_from(["day", "week", "month"]), about=about)
    return answers | st.builds(ExportQuestion, summary=summary, form=st.none() | form)


def scenarios() -> st.SearchStrategy:
    """The questions about what a channel keeps by name."""
    name = NAMES.filter(lambda word: word.lower() not in RESERVED)
    saved = st.builds(
        ScenarioQuestion,
        part=st.just("save"),
        name=name,
        asks=st.none() | comparisons(),
        title=TYPED,
        about=TYPED,
        sure=st.booleans(),
    )
    parts = [ScenarioQuestion(), ScenarioQuestion(part="report"), ScenarioQuestion(part="reference", measured=True)]
    named = st.builds(ScenarioQuestion, part=st.sampled_from(["show", "remove", "restore"]), name=name)
    return st.one_of(saved, named, st.sampled_from(parts))


PEOPLE = st.from_regex(r"U[A-Z0-9]{8}", fullmatch=True)


def administered() -> st.SearchStrategy:
    """The questions about what is kept, and who changed what."""
    whose = st.sampled_from(["", WORKSPACE])
    audited = st.builds(
        lambda person, about, page: _read(AuditQuestion, f"{person} {about} page {page}"),
        st.just("") | PEOPLE.map(lambda person: f"<@{person}>"),
        TYPED,
        st.integers(1, 999),
    )
    return st.one_of(
        st.just(PrivacyQuestion()),
        st.builds(PrivacyQuestion, part=st.just("export"), whose=whose),
        st.builds(PrivacyQuestion, part=st.just("erase"), whose=whose | PEOPLE, sure=st.booleans()),
        st.builds(PrivacyQuestion, part=st.just("keep"), days=st.none() | st.integers(1, 36_500), sure=st.booleans()),
        st.builds(PrivacyQuestion, part=st.just("guests"), allow=st.booleans()),
        audited.filter(lambda question: question is not None),
    )


def running() -> st.SearchStrategy:
    """The questions about what is run, seen, summed up and scheduled."""
    usage = st.builds(
        UsageQuestion,
        name=NAMES,
        requests_per_hour=st.floats(0, 1e9, allow_subnormal=False),
        input_tokens=st.none() | st.integers(0, 10**9),
        output_tokens=st.none() | st.integers(0, 10**9),
        since=st.none() | MOMENTS,
    )
    tables = st.builds(UsageQuestion, name=NAMES, table=st.just("hour,requests\n2026-11-20T09:00Z,1240"))
    one = st.builds(
        lambda name, do: DeploymentQuestion(name=name, do=do, rest=TEXTS.get(do, NEEDS.get(do, ""))),
        NAMES,
        st.sampled_from(WORDS),
    )
    listed = st.builds(
        DeploymentsQuestion, about=ABOUT, retired=st.booleans(), csv=st.booleans(), page=st.integers(1, 99)
    )
    summed = st.builds(SummaryQuestion, period=st.sampled_from(["day", "week", "month"]), about=ABOUT)
    added = st.builds(
        ScheduleQuestion,
        do=st.just("add"),
        spec=SPECS,
        channel=st.none() | st.from_regex(r"C[A-Z0-9]{8}", fullmatch=True),
        about=ABOUT,
    )
    acted = st.builds(
        lambda do, number, spec: ScheduleQuestion(do=do, number=number, spec=spec if do == "becomes" else ""),
        st.sampled_from(ON_ONE),
        st.integers(1, 999_999),
        SPECS,
    )
    previewed = st.builds(ScheduleQuestion, spec=SPECS, after=st.none() | MOMENTS, count=st.integers(1, 100))
    quiet = st.sampled_from(
        [AlertsQuestion(), AlertsQuestion(quiet="none"), AlertsQuestion(quiet="22:00-07:00 Europe/Berlin")]
    )
    channels = st.lists(CHANNELS, min_size=1, max_size=3).map(tuple)
    allowed = st.one_of(
        st.builds(ChannelsQuestion, allow=channels),
        st.builds(ChannelsQuestion, drop=channels),
        st.builds(ChannelsQuestion, only=channels),
        st.sampled_from([ChannelsQuestion(), ChannelsQuestion(everywhere=True), ChannelsQuestion(anywhere=True)]),
    )
    checked = st.sampled_from(["", "gpu H100", "model llama-3.1-8b", "engine vllm"]).map(AccuracyQuestion.from_text)
    prices = st.builds(
        PricesQuestion, part=st.just("set"), hardware_type=HARDWARE, price=CENTS.filter(lambda price: price <= 100_000)
    )
    config = st.just('{"hidden_size":4096,"model_type":"llama"}')
    models = st.one_of(
        st.builds(ModelQuestion, part=st.just("add"), name=OURS | st.just(""), config=config),
        st.builds(ModelQuestion, part=st.sampled_from(["show", "restore"]), name=OURS),
        st.builds(ModelQuestion, part=st.just("remove"), name=OURS, sure=st.booleans()),
        st.builds(ModelQuestion, part=st.just("list"), page=st.integers(1, 1000)),
    )
    return st.one_of(
        usage,
        tables,
        models,
        one,
        listed,
        summed,
        added,
        acted,
        previewed,
        quiet,
        allowed,
        administered(),
        prices,
        checked,
        measured(),
        scenarios(),
        st.builds(RepostQuestion, number=NUMBERS),
        st.builds(SamplesQuestion, part=st.sampled_from(SAMPLE_PARTS)),
        st.just(StartQuestion()),
        st.builds(LaunchQuestion, number=NUMBERS, option=st.none() | st.sampled_from("ABCDEF")),
        wondered(),
        exports(),
        break_evens(),
        defaults_asked(),
    )
