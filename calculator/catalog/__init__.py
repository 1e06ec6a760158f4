"""The catalog: accelerators, models, engines, prices and scores as dated data files, and the ways people name them."""

from calculator.catalog.hosted_offers import hosted_model, quality
from calculator.catalog.loader import engine, engine_keys, gpu, gpu_keys, model, model_keys
from calculator.catalog.lookup import find_architecture, find_engine, find_gpu, find_hosted, find_model
from calculator.catalog.names import gpu_aliases, model_aliases, squeeze
from calculator.catalog.resolved import HostedModel, HostedOffer, Quality, Resolved
from calculator.catalog.suggest import search

accelerator_aliases = gpu_aliases
"""Squeezed text to key, for every accelerator: what the parser finds names with."""

__all__ = [
    "HostedModel", "HostedOffer", "Quality", "Resolved", "accelerator_aliases", "engine", "engine_keys",
    "find_architecture", "find_engine", "find_gpu", "find_hosted", "find_model", "gpu", "gpu_aliases", "gpu_keys",
    "hosted_model", "model", "model_aliases", "model_keys", "quality", "search", "squeeze",
]  # fmt: skip
