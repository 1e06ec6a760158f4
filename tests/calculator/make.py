"""Deployments and workloads for the tests, from catalog keys."""

from calculator import catalog
from calculator.estimates.estimate import Estimate, estimate
from calculator.estimates.layout import default_engine
from calculator.specs.deployment import Deployment
from calculator.specs.precision import PRECISIONS
from calculator.specs.workload import Workload


def deployment(model="llama-3.1-8b", gpu="h100-sxm", precision=None, **settings):
    spec, card = catalog.model(model), catalog.gpu(gpu)
    weights = PRECISIONS[precision or spec.native_precision]
    engine = catalog.engine(settings.pop("engine")) if "engine" in settings else default_engine(card, weights)
    return Deployment(model=spec, gpu=card, precision=weights, engine=engine, **settings)


def workload(input_tokens=300, output_tokens=200, **settings):
    return Workload(input_tokens=input_tokens, output_tokens=output_tokens, **settings)


def estimated(model="llama-3.1-8b", gpu="h100-sxm", price=None, mode=None, layout=None, **settings) -> Estimate:
    return estimate(deployment(model, gpu, **(layout or {})), workload(**settings), price, mode=mode)
