"""What a `what if` makes of a question: what is said replaces what was, and what no longer holds beside it goes."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from bot.answers.decided import LETTERS
from bot.commands.decisions.break_even_question import BreakEvenQuestion
from bot.commands.decisions.compare_question import CompareQuestion
from bot.commands.decisions.recommend_question import RecommendQuestion
from bot.commands.decisions.wanted import Wanted
from bot.commands.decisions.what_if_question import WhatIfQuestion
from bot.commands.estimates.estimate_question import EstimateQuestion
from calculator.catalog import HostedModel, find_model
from calculator.errors import QuestionError
from calculator.specs.workload import Workload
from calculator.team.own import is_own

Values = dict[str, Any]
LAYOUT = ("gpus", "tp", "pp", "replicas")
PRICE = ("provider", "region", "usd_per_gpu_hour", "purchase_price_usd", "discount")
HARDWARE = ("hardware_type", *LAYOUT, *PRICE)
SETTINGS = ("precision", "kv_cache", "engine", "gpu_memory_utilization", "max_model_len")
"""What only somebody who runs the model decides."""
REPLACED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "model_size": ("precision",),
        "hardware_type": HARDWARE,
        "gpus": ("tp", "pp", "replicas"),
        "replicas": ("gpus",),
        "tokens": ("input_tokens", "output_tokens"),
        "input_tokens": ("tokens",),
        "output_tokens": ("tokens",),
        "provider": ("region", "usd_per_gpu_hour"),
        "region": ("usd_per_gpu_hour",),
        "price_choice": ("usd_per_gpu_hour",),
        "purchase_price_usd": ("usd_per_gpu_hour",),
    }
)
"""What goes when a field is said, beside the field itself."""
OF_ONE = ("model_size", "hardware_type", *LAYOUT, "deployment_mode")
"""What makes an option, so that it cannot change in all of them at once."""
PINNED = ("batch_size", "cache_hit_rate", "hours_per_month")
"""What an option that says nothing of it would take from the one that changes."""


def said_by(by: WhatIfQuestion) -> Values:
    """The fields of an estimate that are said to be different."""
    said = {name: value for name, value in dict(by.about).items() if value is not None and name != "channel"}
    return said | ({} if by.gpus is None else {"gpus": by.gpus})


def variant(question: EstimateQuestion, said: Values) -> EstimateQuestion:
    """The question with what is said; QuestionError where a service is told how to run its model."""
    gone = {"channel", *(name for field in said for name in REPLACED.get(field, ())), *_beyond_rules(question, said)}
    kept = {name: value for name, value in dict(question).items() if value is not None and name not in gone}
    made = EstimateQuestion.make({**kept, **said})
    if is_service(made) and (wrong := [name for name in said if name in (*SETTINGS, *LAYOUT)]):
        raise QuestionError(
            wrong[0],
            f"{made.model_size} is a service here: its provider decides on {wrong[0]}. Name hardware too, such as `on H100`.",
        )
    return made


def _beyond_rules(question: EstimateQuestion, said: Values) -> Iterable[str]:
    """What goes by what was there: prices of another place, a layout that no longer adds up, hardware of a service."""
    mode = said.get("deployment_mode")
    if mode == "api":
        return (*HARDWARE, *SETTINGS, "price_choice")
    if "hardware_type" in said:
        return ("deployment_mode",) if question.deployment_mode == "api" and mode is None else ()
    if "model_size" in said and _only_hosted(said["model_size"]):
        return (*HARDWARE, *SETTINGS)
    gone = PRICE if mode and mode != question.deployment_mode else ()
    if "tp" in said or "pp" in said:
        one = (said.get("tp") or question.tp or 1) * (said.get("pp") or question.pp or 1)
        return (*gone, "replicas", *(("gpus",) if (question.gpus or 1) % one else ()))
    return (*gone, "provider") if said.get("price_choice") == "cheapest" else gone


def is_service(question: EstimateQuestion) -> bool:
    """Whether the question is about a model as a service."""
    hosted = bool(question.model_size) and _only_hosted(question.model_size or "")
    return question.deployment_mode == "api" or (hosted and not question.hardware_type)


def _only_hosted(model: str) -> bool:
    return not is_own(model) and isinstance(find_model(model).spec, HostedModel)


def comparison_variant(question: CompareQuestion, by: WhatIfQuestion, loads: Sequence[Workload]) -> CompareQuestion:
    """The comparison with one option changed, or where none is named, all of them and what is required.

    `loads` are the workloads of the options before.
    """
    said, letters = said_by(by), LETTERS[: len(question.options)]
    if by.option and by.option not in letters:
        raise QuestionError("option", f"The options are {', '.join(letters)}. Say for example `what if B on L40S`.")
    if not by.option and any(name in OF_ONE for name in said):
        raise QuestionError("option", f"Which option changes? Say for example `what if B: {by.change()}`.")
    options = [
        _option(option, said, alone=bool(by.option)) if by.option in {None, letter} else _pinned(option, said, load)
        for letter, option, load in zip(letters, question.options, loads, strict=True)
    ]
    made = CompareQuestion.make({**required(question), **required(by), "options": tuple(options)})
    return CompareQuestion.from_text(str(made).removeprefix(CompareQuestion.word))


def _option(option: EstimateQuestion, said: Values, *, alone: bool) -> EstimateQuestion:
    """An option with what is said; a service among several is spared what is not its own to decide."""
    spared = {name: value for name, value in said.items() if name not in SETTINGS}
    return variant(option, said if alone or not is_service(option) else spared)


def _pinned(option: EstimateQuestion, said: Values, load: Workload) -> EstimateQuestion:
    """An option that stays as it is, with what it left out and would otherwise take from the one that changes."""
    left_out = [name for name in PINNED if name in said and getattr(option, name) is None]
    return option.model_copy(update={name: getattr(load, name) for name in left_out})


def recommendation_variant(question: RecommendQuestion, by: WhatIfQuestion) -> RecommendQuestion:
    """The recommendation with other requirements."""
    if by.option:
        raise QuestionError(
            "option", "A recommendation finds its options itself. Say what you need: `what if within 1s`."
        )
    about = variant(question.about, said_by(by))
    return RecommendQuestion.make({**required(question), **required(by), "about": about})


def break_even_variant(question: BreakEvenQuestion, by: WhatIfQuestion) -> BreakEvenQuestion:
    """The break-even with other hardware, load or requirements, or against another service."""
    if by.option:
        raise QuestionError(
            "option", "A break-even has two sides, not options. Say a model or hardware: `what if on 2xL40S`."
        )
    said, against = said_by(by), question.against
    if not is_own(said.get("model_size", "")) and is_service(by.about):
        against = EstimateQuestion(model_size=said.pop("model_size"), deployment_mode="api")
        said.pop("deployment_mode", None)
    more = {"private_share": question.private_share, "peak_hours": question.peak_hours, "against": against}
    values = {**required(question), **required(by), "about": variant(question.about, said)}
    return BreakEvenQuestion.make(values | {name: value for name, value in more.items() if value is not None})


def required(question: Wanted) -> Values:
    """What a question requires."""
    return {name: value for name in Wanted.model_fields if (value := getattr(question, name)) is not None}
