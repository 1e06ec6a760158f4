"""Answers by kind: a model on hardware, a model as a service, options side by side, own hardware against a service."""

from typing import Any

from bot.answers.decided import Chosen, Decided
from calculator.base import Frozen
from calculator.decisions.break_even import Sides
from calculator.decisions.decision import Decision
from calculator.decisions.flips import Flip
from calculator.estimates.assumptions import Assumption
from calculator.estimates.document_json import export
from calculator.estimates.estimate import Estimate
from calculator.prices.hosted_cost import HostedCost
from calculator.specs.requirements import Requirements
from calculator.specs.workload import Workload


class EstimateAnswer(Frozen):
    """A model on hardware."""

    asked: str
    """The question in its canonical text."""
    spelled_out: str
    """The same with every alias and default written out."""
    model_size: str
    """The person's words for the model."""
    hardware_type: str
    """The person's words for the hardware."""
    notes: tuple[str, ...] = ()
    """How names were understood."""
    told: tuple[str, ...] = ()
    """Defaults of the asker that it rests on, and the amounts in their currency."""
    estimate: Estimate

    @property
    def decided(self) -> Decided:
        """What it is about."""
        return Decided(kind="estimate", options=(Chosen(asked=self.asked, model=self.estimate.deployment.model.key),))

    def export(self) -> dict[str, Any]:
        """The reference document's JSON."""
        words = {"model_size": self.model_size, "hardware_type": self.hardware_type}
        asked = {"asked": self.asked, "spelled_out": self.spelled_out} | _told(self.told)
        return asked | export(self.estimate, **words, notes=self.notes)


class HostedAnswer(Frozen):
    """A model as a service: priced per token, with no hardware of one's own."""

    asked: str
    """The question in its canonical text."""
    spelled_out: str
    """The same with every alias and default written out."""
    model_size: str
    """The person's words for the model."""
    model_name: str
    """Its name for people."""
    model_key: str
    """Its name in the catalog."""
    notes: tuple[str, ...] = ()
    """How names were understood."""
    told: tuple[str, ...] = ()
    """Defaults of the asker that it rests on, and the amounts in their currency."""
    workload: Workload
    offers: tuple[HostedCost, ...]
    """What providers charge, cheapest first."""
    assumptions: tuple[Assumption, ...] = ()

    @property
    def decided(self) -> Decided:
        """What it is about."""
        return Decided(kind="hosted", options=(Chosen(asked=self.asked, model=self.model_key),))

    def export(self) -> dict[str, Any]:
        """The reference document's JSON; what a service does not tell is null."""
        work, best = self.workload, self.offers[0] if self.offers else None
        why = "a hosted model: the provider publishes neither memory nor latency"
        return {
            "asked": self.asked,
            "spelled_out": self.spelled_out,
            **_told(self.told),
            "model_size": self.model_size,
            "tokens": work.tokens,
            "batch_size": work.batch_size,
            "hardware_type": None,
            "deployment_mode": "api",
            "requests_per_hour": work.requests_per_hour,
            "resolved": {
                "model": self.model_key,
                "model_name": self.model_name,
                "input_tokens": work.input_tokens,
                "output_tokens": work.output_tokens,
                "cache_hit_rate": work.cache_hit_rate,
                "hours_per_month": work.hours_per_month,
                "notes": list(self.notes),
            },
            "results": {
                "memory": None,
                "latency": None,
                "compatibility": None,
                "load": None,
                "reason": why,
                "cost": best.model_dump(mode="json") if best else None,
                "offers": [offer.model_dump(mode="json") for offer in self.offers],
            },
            "assumptions": [assumption.model_dump(mode="json") for assumption in self.assumptions],
            "hypothetical": False,
        }


def _told(lines: tuple[str, ...]) -> dict[str, Any]:
    """The defaults that an answer rests on, where there are any."""
    return {"defaults": list(lines)} if lines else {}


OneAnswer = EstimateAnswer | HostedAnswer


class CompareAnswer(Frozen):
    """Options side by side."""

    asked: str
    """The question in its canonical text."""
    spelled_out: str
    """The same with every alias and default written out."""
    options: tuple[OneAnswer, ...]
    needs: Requirements
    """What is required of all of them, beside the limits of their workload."""
    decision: Decision
    """Who meets everything, and who wins."""
    flips: tuple[Flip, ...] = ()
    """What it takes for an option that does not win."""
    roles: tuple[tuple[str, ...], ...] = ()
    """What each option was looked for as, where it was looked for: cheapest, fastest, simplest."""
    filled: tuple[str, ...] = ()
    """What was required because nothing else was said."""

    @property
    def decided(self) -> Decided:
        """Its options, and the one to take."""
        winner = self.decision.winner
        options = tuple(chosen for option in self.options for chosen in option.decided.options)
        return Decided(kind="compare", winner=winner.option.name if winner else None, options=options)

    def export(self) -> dict[str, Any]:
        """Each option's JSON."""
        options = [option.export() for option in self.options]
        return {"asked": self.asked, "spelled_out": self.spelled_out, "options": options, **self._decided()}

    def _decided(self) -> dict[str, Any]:
        """The decision, by the options' names."""
        winner = self.decision.winner
        flips = {flip.name: flip.model_dump(mode="json", exclude={"name"}) for flip in self.flips}
        return {
            "requirements": self.needs.model_dump(mode="json"),
            "recommended_option": winner.option.name if winner else None,
            "ranking": [one.option.name for one in self.decision.ranked],
            "criteria": {
                one.option.name: [criterion.model_dump(mode="json") for criterion in one.criteria]
                for one in self.decision.ranked
            },
            "flips": flips,
            "rivals": [rival.model_dump(mode="json") for rival in self.decision.rivals],
            "pareto": list(self.decision.pareto),
        }


class BreakEvenAnswer(Frozen):
    """Hardware of one's own against a hosted model, over all rates."""

    asked: str
    """The question in its canonical text."""
    spelled_out: str
    """The same with every alias and default written out."""
    own: EstimateAnswer
    """The side on hardware."""
    service: HostedAnswer
    """The hosted side, with at least one price."""
    sides: Sides | None
    """Both as functions of the rate; None where the hardware does not do it."""
    reason: str = ""
    """Why it does not, or which limit no number of copies meets."""
    discount: float | None = None
    """The committed discount in the price of the hardware."""
    budget_usd: float | None = None
    """Dollars a month that a plan may cost."""
    assumed: tuple[str, ...] = ()
    """What was taken for granted, a sentence each."""

    @property
    def decided(self) -> Decided:
        """Its two sides."""
        return Decided(kind="break-even", options=(*self.own.decided.options, *self.service.decided.options))

    @property
    def hosted(self) -> HostedCost:
        """The cheapest provider's price."""
        return self.service.offers[0]

    @property
    def requests_per_hour(self) -> float | None:
        """The stated rate."""
        return self.own.estimate.workload.requests_per_hour

    def export(self) -> dict[str, Any]:
        """The break-even, the plans at the stated rate, and each side's JSON."""
        sides, rate, hours = self.sides, self.requests_per_hour, self.own.estimate.workload.hours_per_month
        found = sides.break_even() if sides else None
        plans = {
            name: {"copies": plan.copies, "own_share": plan.own_share, "monthly_usd": plan.usd_per_hour * hours}
            for name, plan in (sides.plans(rate) if sides and rate else {}).items()
        }
        return {
            "asked": self.asked,
            "spelled_out": self.spelled_out,
            "requests_per_hour": rate,
            "break_even": found._asdict() if found else None,
            "mix_from_requests_per_hour": sides.mix_from() if sides else None,
            "plans": plans,
            "reason": self.reason or None,
            "assumed": list(self.assumed),
            "own": self.own.export(),
            "service": self.service.export(),
        }


Answer = EstimateAnswer | HostedAnswer | CompareAnswer
AnyAnswer = Answer | BreakEvenAnswer
