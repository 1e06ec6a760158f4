"""The whole catalog and the hosted models against what is required: the best few, decided among like the options of a comparison."""

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from bot.answers.decided import LETTERS
from bot.answers.kinds import CompareAnswer
from bot.commands.decisions.deciding import at_hours, decided, load_of, option_of
from bot.commands.decisions.recommend_question import RecommendQuestion
from bot.commands.decisions.searches import Searches
from bot.commands.estimates.estimate_question import EstimateQuestion
from bot.commands.estimates.resolve import price_of_question, resolve, workload_of
from calculator.catalog import find_architecture, find_gpu, gpu, gpu_keys, hosted_model, model, model_keys, quality
from calculator.catalog.names import hosted_only_keys
from calculator.decisions.criteria import criteria_of
from calculator.decisions.search import Candidate, Shortlist, search
from calculator.errors import QuestionError
from calculator.prices.hosted_cost import hosted_costs
from calculator.specs.gpu import GpuSpec
from calculator.specs.model import ModelSpec
from calculator.specs.precision import find_precision, word_of
from calculator.specs.price import Price
from calculator.specs.requirements import LEAST_TIER, TIERS, Level
from calculator.specs.workload import Workload
from calculator.team.own import NOTHING, Own, find_own

TRIED = 4
"""Candidates of the rough look that are computed in full for each role, until one meets everything."""
MOST = 5
"""Options that one message holds with all that is said of them."""
NEAR, CHEAPER = 1.25, 0.95
"""A near miss takes up to this many times the limit, and costs less than this share of the cheapest that meets it."""
ROLES = {"cost": "cheapest", "speed": "fastest", "simplicity": "simplest"}


class Finalist(NamedTuple):
    """An option that is worth showing, and for what."""

    question: EstimateQuestion
    role: str


SEARCHES: Searches[CompareAnswer] = Searches()


def searched(question: RecommendQuestion, own: Own = NOTHING, waiting: Callable[[], object] = int) -> CompareAnswer:
    """What `recommended` finds, in its turn, and once for all who ask the same; `waiting` is called where that takes long."""
    return SEARCHES.find(f"{question}\n{own}", lambda: recommended(question, own), waiting)


def recommended(question: RecommendQuestion, own: Own = NOTHING) -> CompareAnswer:
    """The finalists by role, decided among like the options of a comparison; the winner comes first."""
    full, filled = question.completed()
    looking = Looking(full, own)
    roles: dict[str, list[str]] = {}
    questions: dict[str, EstimateQuestion] = {}
    for finalist in looking.finalists():
        questions.setdefault(str(finalist.question), finalist.question)
        roles.setdefault(str(finalist.question), []).append(finalist.role)
    if not questions:
        raise QuestionError(
            "model_size",
            "Nothing in the catalog with a known price serves that. Name other hardware, or drop the precision or the model.",
        )
    kept = list(questions)[:MOST]
    answers = {text: resolve(questions[text], own, load_of(full)) for text in kept}
    first = decided(list(answers.values()), full, own)
    order = [kept[LETTERS.index(one.option.name)] for one in first.decision.ranked]
    found = decided([answers[text] for text in order], full, own)
    return found.model_copy(
        update={
            "asked": str(question),
            "roles": tuple(tuple(roles[text]) for text in order),
            "filled": tuple(f"{name} {value}" for name, value in filled.items()),
        }
    )


class Looking:
    """One recommendation: what is asked for, and where to look."""

    def __init__(self, question: RecommendQuestion, own: Own) -> None:
        self.question, self.own, self.needs = question, own, question.requirements
        self.about = at_hours(question.about, question)
        self.load: Mapping[str, float] = load_of(question)
        self.workload: Workload = workload_of(self.about, self.load)[0]
        self.mode = self.about.deployment_mode or ("local" if self.needs.offline else None)

    def finalists(self) -> Iterator[Finalist]:
        """On hardware by role, as a service, what has no published score, and what just misses the limit."""
        found = None
        if self.mode != "api":
            found = self._search(self._models(scored=True), self.mode)
            if found:
                yield from self._by_role(found, ROLES, self.mode)
            if self.mode is None and (private := self._search(self._models(scored=True), "local")):
                yield from self._by_role(private, {"cost": "most private"}, "local")
        if not self.needs.offline and self.mode in {None, "api"} and not self.about.hardware_type:
            yield from self._hosted()
        if (
            self.mode != "api"
            and not self.about.model_size
            and (unscored := self._search(self._models(scored=False), self.mode))
        ):
            yield from self._by_role(unscored, {"cost": "cheapest without a published score"}, self.mode)
        if self.mode != "api" and found:
            yield from self._near_miss(found)

    def _near_miss(self, found: Shortlist) -> Iterator[Finalist]:
        """The cheapest that misses the latency limit by a quarter at most, where it costs less than all that meet it."""
        limit = self.workload.max_latency_s
        if limit and found.meets:
            relaxed = self.workload.model_copy(update={"max_latency_s": limit * NEAR})
            near = self._search(self._models(scored=True), self.mode, relaxed)
            if near and (first := near.by("cost", 1)[0]).monthly_usd < CHEAPER * found.by("cost", 1)[0].monthly_usd:
                yield Finalist(self._question(first, self.mode), "near miss")

    def _models(self, *, scored: bool) -> tuple[ModelSpec, ...]:
        """Models whose published scores are good enough, or those without any; the named one whatever its score."""
        if name := self.about.model_size:
            return ((find_own(name, self.own.models) or find_architecture(name)).spec,)
        return tuple(
            model(key)
            for key in model_keys()
            if _is_known(key) and (good_enough(key, self.needs.quality) if scored else quality(key) is None)
        )

    def _search(
        self, models: tuple[ModelSpec, ...], mode: str | None, workload: Workload | None = None
    ) -> Shortlist | None:
        gpus = (find_gpu(self.about.hardware_type).spec,) if self.about.hardware_type else tuple(map(gpu, gpu_keys()))
        about = self.about.model_copy(update={"deployment_mode": mode})

        def priced(card: GpuSpec) -> float | None:
            price = price_of_question(about, card, self.own)
            return price.usd_per_gpu_hour if isinstance(price, Price) else None

        return search(
            workload or self.workload, self.needs, priced, models=models, gpus=gpus, precision=self._precision()
        )

    def _precision(self) -> str | None:
        return find_precision(self.about.precision).key if self.about.precision else None

    def _by_role(self, found: Shortlist, roles: Mapping[str, str], mode: str | None) -> Iterator[Finalist]:
        """For each role the first candidate that, computed in full, meets everything; else the first."""
        for order, role in roles.items():
            questions = [self._question(one, mode) for one in found.by(order, TRIED)]
            yield Finalist(next(filter(self._works, questions), questions[0]), role)

    def _question(self, one: Candidate, mode: str | None) -> EstimateQuestion:
        """The candidate as one would ask about it."""
        d = one.deployment
        return self.about.model_copy(
            update={
                "model_size": self.about.model_size or d.model.key,
                "precision": word_of(d.precision),
                "hardware_type": d.gpu.key,
                "gpus": d.tp * one.copies,
                "tp": d.tp,
                "replicas": one.copies,
                "deployment_mode": mode or d.gpu.default_mode,
            }
        )

    def _works(self, question: EstimateQuestion) -> bool:
        option = option_of(resolve(question, self.own, self.load), "")
        return all(criterion.met is not False for criterion in criteria_of(option, self.needs))

    def _hosted(self) -> Iterator[Finalist]:
        """The cheapest service whose scores are good enough."""
        keys = [key for key in (*hosted_only_keys(), *model_keys()) if good_enough(key, self.needs.quality)]
        named = [self.about.model_size] if self.about.model_size else keys
        offers = {
            key: hosted_costs(found, self.workload, self.about.provider)
            for key in named
            if (found := hosted_model(key))
        }
        priced = {key: found[0].cost_per_request for key, found in offers.items() if found}
        if priced:
            key = min(priced, key=lambda name: priced[name])
            about = self.about.model_copy(update={"model_size": key, "deployment_mode": "api", "precision": None})
            yield Finalist(about, "cheapest service")


def good_enough(key: str, level: str | None) -> bool:
    """Whether a model has published scores, and at least of this level."""
    scored = quality(key)
    least: Level = level or "low"  # type: ignore[assignment]  # one of its words
    return scored is not None and TIERS.index(scored.tier) >= TIERS.index(LEAST_TIER[least])


def _is_known(key: str) -> bool:
    try:
        return model(key).cache is not None
    except QuestionError:
        return False
