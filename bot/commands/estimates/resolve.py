"""From what was said to what the core computes: names looked up, defaults filled in and told."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, cast

from bot.answers.kinds import EstimateAnswer, HostedAnswer
from bot.commands.estimates.estimate_question import EstimateQuestion
from calculator.catalog import find_architecture, find_engine, find_gpu, find_hosted, find_model
from calculator.catalog.price_book import Choice
from calculator.catalog.resolved import HostedModel
from calculator.errors import QuestionError
from calculator.estimates.assumptions import Assumption
from calculator.estimates.estimate import estimate
from calculator.estimates.layout import LayoutWish, deploy
from calculator.estimates.load import implied_batch
from calculator.prices.hosted_cost import hosted_costs
from calculator.prices.own_rates import price_for
from calculator.prices.wish import LOCAL_SHARE, OwnedCard, PriceWish
from calculator.specs.deployment import Deployment
from calculator.specs.gpu import GpuSpec, Mode
from calculator.specs.model import ModelSpec
from calculator.specs.precision import find_precision, word_of
from calculator.specs.price import NoPrice, Price
from calculator.specs.workload import Workload, split_tokens
from calculator.team.own import NOTHING, Own, find_own

DEFAULT_TOKENS = 500
MOST_TOKENS = 20_000_000
SETTINGS = ("gpu_memory_utilization", "max_model_len")
OWNED = ("purchase_price_usd", "lifetime_years", "duty", "pue", "usd_per_kwh")
NOT_PASSED = {"kv_cache": "kv_precision"}


def resolve(
    question: EstimateQuestion, own: Own = NOTHING, load: Mapping[str, float] = MappingProxyType({})
) -> EstimateAnswer | HostedAnswer:
    """The answer to the question; QuestionError names the field that is missing or not understood.

    `own` is what the team has of its own, which comes before the catalog; `load` further fields of the workload.
    """
    if not question.model_size:
        raise QuestionError("model_size", "Which model? For example `7B on RTX4090` or `llama-3.1-8b on L4`.")
    own_model = find_own(question.model_size, own.models)
    found = own_model or find_model(question.model_size)
    hosted = question.deployment_mode == "api" or (isinstance(found.spec, HostedModel) and not question.hardware_type)
    if hosted and own_model:
        raise QuestionError(
            "model_size",
            f"Nobody hosts {own_model.spec.key}: it is your team's own. Name hardware instead, such as `on H100`.",
        )
    if hosted:
        return _as_service(question, load)
    if not question.hardware_type:
        service = "" if own_model else f"; `{question.model_size} api` asks what it costs as a service"
        raise QuestionError(
            "hardware_type", f"On which hardware? Add for example `on RTX4090` or `on 2xH100`{service}."
        )
    return _on_hardware(question, own, load)


def _on_hardware(question: EstimateQuestion, own: Own, load: Mapping[str, float]) -> EstimateAnswer:
    name = question.model_size or ""
    model, gpu = find_own(name, own.models) or find_architecture(name), find_gpu(question.hardware_type or "")
    words = question.precision or model.precision
    precision = find_precision(words, model.spec.native_precision) if words else None
    workload, assumed = workload_of(question, load)
    _check_context(model.spec, workload, question.max_model_len)
    layout = LayoutWish(question.gpus, question.tp, question.pp, replicas=question.replicas)
    given = {name: value for name in SETTINGS if (value := getattr(question, name)) is not None}
    given |= {"kv_precision": question.kv_cache} if question.kv_cache else {}
    engine = find_engine(question.engine) if question.engine else None
    deployment = deploy(model.spec, gpu.spec, workload, layout, precision=precision, engine=engine, **given)
    workload, in_flight = _in_flight(question, deployment, workload, own)
    result = estimate(
        deployment,
        workload,
        price_of_question(question, gpu.spec, own),
        mode=cast("Mode | None", question.deployment_mode),
        assumptions=(*assumed, *in_flight),
        measurements=own.measurements,
    )
    return EstimateAnswer(
        asked=str(question),
        spelled_out=str(_spelled_out(question, deployment, workload, result.deployment_mode)),
        model_size=question.model_size or "",
        hardware_type=question.hardware_type or "",
        notes=tuple(note for note in (model.note, gpu.note) if note),
        estimate=result,
    )


def _as_service(question: EstimateQuestion, load: Mapping[str, float]) -> HostedAnswer:
    if question.hardware_type:
        raise QuestionError(
            "hardware_type", "A hosted model runs on its provider's hardware. Drop the hardware, or `api`."
        )
    found = find_hosted(question.model_size or "")
    workload, assumed = workload_of(question, load)
    written = question.model_copy(update={"model_size": found.spec.key, "deployment_mode": "api"} | _lengths(workload))
    return HostedAnswer(
        asked=str(question),
        spelled_out=str(written),
        model_size=question.model_size or "",
        model_name=found.spec.display_name,
        model_key=found.spec.key,
        notes=(found.note,) if found.note else (),
        workload=workload,
        offers=hosted_costs(found.spec, workload, question.provider),
        assumptions=assumed,
    )


def workload_of(question: EstimateQuestion, load: Mapping[str, float]) -> tuple[Workload, tuple[Assumption, ...]]:
    """What is asked of the deployment, and the lengths that were filled in."""
    prompt, output, assumed = _tokens(question)
    given = {
        "requests_per_hour": question.requests_per_hour,
        "max_latency_s": question.max_latency_seconds,
        "max_ttft_s": question.max_ttft_seconds,
        "cache_hit_rate": question.cache_hit_rate,
        "hours_per_month": question.hours_per_month,
        "batch_size": question.batch_size,
    }
    known = {name: value for name, value in given.items() if value is not None}
    if prompt + output > MOST_TOKENS:
        raise QuestionError(
            "tokens", f"{prompt + output:,} tokens are more than any model takes. Say for example `8k in 1k out`."
        )
    return Workload(input_tokens=prompt, output_tokens=output, **cast("dict[str, Any]", {**known, **load})), assumed


def _tokens(question: EstimateQuestion) -> tuple[int, int, tuple[Assumption, ...]]:
    said_in, said_out, said = question.input_tokens, question.output_tokens, question.tokens
    if said_in and said_out:
        return said_in, said_out, ()
    if said and (said_in or said_out):
        prompt = said_in or said - (said_out or 0)
        return prompt, said - prompt, ()
    what = question.use_case or "any use"
    share = split_tokens(10_000, question.use_case)[0] / 10_000
    why = f"{share:.0%} prompt and {1 - share:.0%} output, the default for {what}; say `300 in 200 out` to change it"
    total = said or (
        round(said_in / share) if said_in else round(said_out / (1 - share)) if said_out else DEFAULT_TOKENS
    )
    prompt, output = split_tokens(max(total, 2 if said_in or said_out else 1), question.use_case)
    prompt, output = said_in or prompt, said_out or output
    assumed = [Assumption(name="split", value=f"{prompt} in, {output} out", why=why)]
    if not (said or said_in or said_out):
        assumed.append(Assumption(name="tokens", value=total, why="not said; say for example `1000 tokens`"))
    return prompt, output, tuple(assumed)


def _check_context(model: ModelSpec, workload: Workload, max_model_len: int | None) -> None:
    longest = model.max_position_embeddings
    if workload.tokens > longest:
        raise QuestionError(
            "tokens",
            f"{model.display_name} takes at most {longest:,} tokens, prompt and output together; you asked for "
            f"{workload.tokens:,}. Say fewer, or take a model with a longer context.",
        )
    if max_model_len and not workload.tokens <= max_model_len <= longest:
        raise QuestionError(
            "max_model_len",
            f"max_model_len is the longest sequence that the engine takes: from the {workload.tokens:,} tokens of a request to the "
            f"{longest:,} of {model.display_name}; you wrote {max_model_len:,}.",
        )


def _in_flight(
    question: EstimateQuestion,
    deployment: Deployment,
    workload: Workload,
    own: Own,
) -> tuple[Workload, tuple[Assumption, ...]]:
    """The batch: as said, else what the load implies (Little's law), else one."""
    if question.batch_size:
        return workload, ()
    if workload.requests_per_hour is None:
        return workload, (
            Assumption(name="batch_size", value=1, why="not said; say for example `batch 8` or `1000 req/h`"),
        )
    batch = implied_batch(deployment, workload, own.measurements)
    why = f"in flight at {workload.requests_per_hour:,.0f} requests per hour; say for example `batch 8` to fix it"
    return workload.model_copy(update={"batch_size": batch}), (Assumption(name="batch_size", value=batch, why=why),)


def price_of_question(question: EstimateQuestion, gpu: GpuSpec, own: Own) -> Price | NoPrice:
    """What an hour costs, as the question wishes it."""
    wish = PriceWish(
        provider=question.provider,
        region=question.region,
        choice=cast("Choice", question.price_choice or "median"),
        usd_per_gpu_hour=question.usd_per_gpu_hour,
        discount=question.discount or 0,
        local_share=LOCAL_SHARE if question.local_share is None else question.local_share,
        owned=OwnedCard(**{name: getattr(question, name) for name in OWNED}),
    )
    return price_for(gpu, cast("Mode | None", question.deployment_mode), own.rates, wish)


def _spelled_out(question: EstimateQuestion, d: Deployment, workload: Workload, mode: Mode) -> EstimateQuestion:
    """The question with every alias and default written out."""
    layout = {
        "gpus": d.gpus,
        "tp": d.tp,
        "pp": d.pp,
        "replicas": d.replicas,
        "engine": d.engine.key,
        "gpu_memory_utilization": d.memory_share,
    }
    names = {
        "model_size": d.model.key,
        "hardware_type": d.gpu.key,
        "precision": word_of(d.precision),
        "kv_cache": d.kv_precision,
        "deployment_mode": mode,
        "batch_size": workload.batch_size,
        "hours_per_month": workload.hours_per_month,
    }
    price = {} if mode == "local" or question.usd_per_gpu_hour else {"price_choice": question.price_choice or "median"}
    return question.model_copy(update=names | layout | price | _lengths(workload) | {"channel": None})


def _lengths(workload: Workload) -> dict[str, Any]:
    return {
        "tokens": None,
        "use_case": None,
        "input_tokens": workload.input_tokens,
        "output_tokens": workload.output_tokens,
    }
