"""The line that a manager reads: does it work, how fast, for how much."""

from typing import Literal, NamedTuple

from bot.answers.kinds import EstimateAnswer, HostedAnswer, OneAnswer
from bot.views.kit.format import count, seconds, usd, usd_round

Level = Literal["good", "warning", "bad"]
MARKS: dict[Level, str] = {"good": ":white_check_mark:", "warning": ":warning:", "bad": ":x:"}


class Verdict(NamedTuple):
    """A judgement in a few words, and the figures behind it in a sentence."""

    level: Level
    judgement: str
    """`Fits`, `Misses 2 s`, `Does not fit`."""
    sentence: str

    @property
    def text(self) -> str:
        """Both, as plain text."""
        return f"{self.judgement}: {self.sentence}"


def verdict(answer: OneAnswer) -> Verdict:
    """The verdict on one option."""
    return _on_hardware(answer) if isinstance(answer, EstimateAnswer) else _as_service(answer)


def name_of(answer: OneAnswer) -> str:
    """`Llama 2 7B bf16 on 2x H100 SXM5 80GB`."""
    if isinstance(answer, HostedAnswer):
        return f"{answer.model_name} from {answer.offers[0].provider}" if answer.offers else answer.model_name
    d = answer.estimate.deployment
    cards = f"{d.gpus}x " if d.gpus > 1 else ""
    return f"{d.model.display_name} {d.precision.label} on {cards}{d.gpu.display_name}"


def _on_hardware(answer: EstimateAnswer) -> Verdict:
    level, judgement = judge(answer)
    result = answer.estimate
    memory = f"uses {result.memory.total_memory_gb:.1f} of {result.memory.label_gb:g} GB"
    if result.hypothetical:
        need = f"{name_of(answer)} needs {result.memory.total_memory_gb:,.1f} of {result.memory.label_gb:g} GB"
        remedy = f": {result.memory.remedy}" if result.memory.remedy else ""
        return Verdict(level, judgement, f"{need}{remedy}.")
    time = result.latency.total_latency_seconds
    speed = f"answers {result.workload.tokens:,} tokens in {seconds(time)}" if time else result.latency.reason
    return Verdict(level, judgement, f"{name_of(answer)} {memory} and {speed}{_money(answer)}.")


def judge(answer: EstimateAnswer) -> tuple[Level, str]:
    """The judgement on one option: memory first, then the limits, then the load."""
    result = answer.estimate
    if result.hypothetical:
        return "bad", f"Does not fit ({result.memory.memory_utilization_percent:.0f} % of memory)"
    if not result.memory.will_start:
        return "bad", "Will not start"
    return _judge_speed(answer)


def _judge_speed(answer: EstimateAnswer) -> tuple[Level, str]:
    result, limit = answer.estimate, answer.estimate.workload.max_latency_s
    missed = _missed(answer)
    if missed:
        return "bad", f"Misses {missed}"
    if result.load and result.load.overloaded:
        return "bad", f"Overloaded at {count(result.load.requests_per_hour)} req/h"
    if result.load and (result.load.replicas_needed or 0) > result.deployment.replicas:
        return "warning", f"Needs {result.load.replicas_needed} replicas at the peak"
    speed_known = result.latency.total_latency_seconds is not None
    meets = f"Fits and meets {seconds(limit)}" if limit else "Fits"
    return ("good", meets) if speed_known else ("warning", "Fits, speed unknown")


def _missed(answer: EstimateAnswer) -> str:
    """The limit that is not met, in words."""
    latency, work = answer.estimate.latency, answer.estimate.workload
    pairs = (
        (latency.total_latency_seconds, work.max_latency_s, ""),
        (latency.ttft_seconds, work.max_ttft_s, " to the first token"),
    )
    return next((f"{seconds(limit)}{what}" for value, limit, what in pairs if value and limit and value > limit), "")


def _money(answer: EstimateAnswer) -> str:
    cost = answer.estimate.cost
    if cost.provisioned is None:
        return ""
    return f"; kept all month it costs {usd_round(cost.provisioned.monthly_cost)}"


def _as_service(answer: HostedAnswer) -> Verdict:
    if not answer.offers:
        return Verdict(
            "warning", "No price known", f"{answer.model_name} is hosted, but no price of it is in the catalog."
        )
    best = answer.offers[0]
    monthly = f", {usd_round(best.monthly_cost)} a month" if best.monthly_cost is not None else ""
    return Verdict(
        "good",
        "Hosted",
        f"{answer.model_name} from {best.provider} costs {usd(best.cost_per_request)} a request{monthly}.",
    )
