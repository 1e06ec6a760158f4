"""What may have been meant: by spelling, by size, by family. Also the choices of a searchable select."""

import re
from functools import cache
from typing import Literal

from calculator.catalog import loader
from calculator.catalog.names import gpu_aliases, hosted_name, hosted_only_keys, model_aliases, squeeze
from calculator.errors import CalculatorError

Kind = Literal["models", "gpus"]
MOST = 5


def closest(kind: Kind, words: str, limit: int = MOST) -> tuple[str, ...]:
    """Keys whose names are spelt most like `words`, best first; empty where nothing is near."""
    from rapidfuzz import fuzz, process  # noqa: PLC0415  # only a misspelling and a menu pay for it

    aliases = _aliases(kind)
    found = process.extract(squeeze(words), list(aliases), scorer=fuzz.WRatio, limit=40, score_cutoff=60)
    return tuple(dict.fromkeys(aliases[alias] for alias, _, _ in found))[:limit]


def of_size(size: str) -> tuple[str, ...]:
    """Open models whose name carries this size (`8b`), newest first."""
    blocks = loader.model_blocks()
    named = [key for key in blocks if size in re.split(r"[-_]", key)]
    billions = float(size.removesuffix("b"))
    near = sorted(blocks, key=lambda key: abs(blocks[key].get("published_params_b", 0) - billions))
    recent = sorted(named, key=lambda key: str(blocks[key].get("release_date", "")), reverse=True)
    return tuple(dict.fromkeys((*recent, *near)))[:MOST]


def of_family(typed: str) -> tuple[str, ...]:
    """Open models whose squeezed key begins with `typed`: the members of a family, newest first."""
    if len(typed) < 3:
        return ()
    blocks = loader.model_blocks()
    members = [key for key in blocks if squeeze(key).startswith(typed)]
    return tuple(sorted(members, key=lambda key: str(blocks[key].get("release_date", "")), reverse=True)[:MOST])


def suggestion(keys: tuple[str, ...]) -> str:
    """A sentence that offers these keys."""
    if not keys:
        return "Type `models` or `hardware` to see what is known."
    return f"Type {' or '.join(f'`{key}`' for key in keys)}."


def search(kind: Kind, typed: str, limit: int = 100) -> list[tuple[str, str]]:
    """(key, name for people) of what matches `typed`, best first; everything in the catalog's order for no text."""
    if kind not in ("models", "gpus"):
        raise CalculatorError(f"The catalog has models and gpus, no {kind}.")
    names = _names(kind)
    if not squeeze(typed):
        return list(names.items())[:limit]
    wanted = squeeze(typed)
    inside = [key for key, name in names.items() if wanted in squeeze(key) or wanted in squeeze(name)]
    begins = [key for key in inside if squeeze(key).startswith(wanted)]
    exact = _aliases(kind).get(wanted)
    order = dict.fromkeys((*((exact,) if exact else ()), *begins, *inside, *closest(kind, typed, limit)))
    return [(key, names[key]) for key in order if key in names][:limit]


def _aliases(kind: Kind) -> dict[str, str]:
    return dict(model_aliases() if kind == "models" else gpu_aliases())


@cache
def _names(kind: Kind) -> dict[str, str]:
    blocks = loader.model_blocks() if kind == "models" else loader.gpu_blocks()
    names = {key: str(block["display_name"]) for key, block in blocks.items()}
    hosted = hosted_only_keys() if kind == "models" else ()
    return names | {key: hosted_name(key) for key in hosted}
