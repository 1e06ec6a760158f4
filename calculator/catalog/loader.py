"""The data files, read once and parsed lazily: a block becomes a spec when it is first asked for."""

import json
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from pydantic import ValidationError

from calculator.errors import CatalogError
from calculator.specs.engine import EngineSpec
from calculator.specs.gpu import GpuSpec, from_datasheet
from calculator.specs.model import ModelSpec

T = TypeVar("T", ModelSpec, EngineSpec)
DATA = Path(__file__).with_name("data")

Blocks = dict[str, dict[str, Any]]
"""A data file's blocks by key."""


@cache
def read(name: str) -> Any:
    """The content of a data file."""
    return json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))


def gpu_blocks() -> Blocks:
    """The accelerators in data sheet units, as written."""
    blocks: Blocks = read("gpus")["gpus"]
    return blocks


def model_blocks() -> Blocks:
    """The open models, as written."""
    blocks: Blocks = read("models")
    return blocks


@cache
def gpu_keys() -> tuple[str, ...]:
    """Every accelerator, in the order that Shape.gpu counts."""
    return tuple(gpu_blocks())


@cache
def model_keys() -> tuple[str, ...]:
    """Every open model, in the file's order."""
    return tuple(model_blocks())


@cache
def _gpu_places() -> MappingProxyType[str, int]:
    return MappingProxyType({key: place for place, key in enumerate(gpu_keys())})


def gpu_index(key: str) -> int:
    """Place of an accelerator among gpu_keys(); -1 for one that is not in the catalog."""
    return _gpu_places().get(key, -1)


@cache
def gpu(key: str) -> GpuSpec:
    """The accelerator with this key. KeyError where there is none, CatalogError where its block is malformed."""
    block = gpu_blocks()[key]
    try:
        return from_datasheet(key, block)
    except (ValidationError, KeyError, ValueError) as error:
        raise CatalogError(f"gpus.json, {key}: {error}") from error


@cache
def model(key: str) -> ModelSpec:
    """The model with this key, assumed ones included. KeyError where there is none, CatalogError where malformed."""
    blocks = model_blocks()
    block = blocks[key] if key in blocks else read("assumed_models")[key]
    block = {name: value for name, value in block.items() if name != "aliases"}
    return _parsed(ModelSpec, "models.json", key, block)


@cache
def engine(key: str) -> EngineSpec:
    """The engine with this key. KeyError where there is none, CatalogError where its block is malformed."""
    return _parsed(EngineSpec, "engines.json", key, read("engines")[key])


def engine_keys() -> tuple[str, ...]:
    """Every engine."""
    return tuple(read("engines"))


def _parsed(kind: type[T], file: str, key: str, block: dict[str, Any]) -> T:
    try:
        return kind.model_validate(block | {"key": key})
    except ValidationError as error:
        raise CatalogError(f"{file}, {key}: {error}") from error
