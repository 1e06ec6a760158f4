"""How names are written: what spelling ignores, and every other way to write what the catalog holds."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType

from calculator.catalog.loader import gpu_blocks, gpu_keys, model_blocks, model_keys, read

VENDORS = ("nvidia", "amd", "intel", "google", "aws", "apple", "geforce", "instinct", "tesla", "quadro")
MAKERS = ("metallama", "meta", "mistralai", "qwen", "google", "microsoft", "deepseekai", "openai", "tiiuae", "01ai")
ENDINGS = ("instruct", "chat", "it", "hf", "base")
BARE_SIZES = MappingProxyType({"7b": "llama-2-7b", "13b": "llama-2-13b", "70b": "llama-2-70b"})
"""A size alone means the model of the reference document's era."""
NICKNAMES = MappingProxyType({
    "mixtral": "mixtral-8x7b", "mistral": "mistral-7b", "mistral 7b instruct": "mistral-7b", "dbrx": "dbrx-132b",
    "command r": "command-r-35b", "command r+": "command-r-plus-104b", "r1": "deepseek-r1",
    "deepseek r1 671b": "deepseek-r1",
    "deepseek v3 671b": "deepseek-v3", "scout": "llama-4-scout", "maverick": "llama-4-maverick", "qwq": "qwq-32b",
    "phi 3 mini 4k": "phi-3-mini", "phi 3 medium 4k": "phi-3-medium", "yi 34b": "yi-1.5-34b", "yi 6b": "yi-1.5-6b",
    "mistral large": "mistral-large-123b", "mistral large 2": "mistral-large-123b", "mistral nemo": "mistral-nemo-12b",
    "nemo": "mistral-nemo-12b", "mistral small": "mistral-small-24b", "mistral small 3": "mistral-small-24b",
    "phi 4 14b": "phi-4", "kimi k2 1t": "kimi-k2", "minimax m2": "minimax-m2.5", "gpt oss": "gpt-oss-120b",
})  # fmt: skip
"""Short names that people use for one member of a family; the answer says which."""


def squeeze(words: str) -> str:
    """What remains of a name when spelling is ignored: lower-case letters and digits; `+` is `plus`."""
    return re.sub(r"[^a-z0-9]", "", words.lower().replace("+", "plus"))


@cache
def model_aliases() -> Mapping[str, str]:
    """Squeezed text to key, for every model, hosted ones included."""
    found: dict[str, str] = {}
    for key in model_keys():
        for word in _model_words(key):
            found.setdefault(squeeze(word), key)
    for key in hosted_only_keys():
        for word in (key, hosted_name(key)):
            found.setdefault(squeeze(word), key)
    for key, block in read("assumed_models").items():
        for word in (key, *block["aliases"]):
            found.setdefault(squeeze(word), key)
    for word, key in (*NICKNAMES.items(), *BARE_SIZES.items()):
        found.setdefault(squeeze(word), key)
    return MappingProxyType(found)


@cache
def gpu_aliases() -> Mapping[str, str]:
    """Squeezed text to key, for every accelerator; plurals included where they are no other card (`l40s`)."""
    found: dict[str, str] = {}
    for key in gpu_keys():
        for word in _gpu_words(key):
            found.setdefault(squeeze(word), key)
    plurals = {f"{word}s": key for word, key in found.items() if f"{word}s" not in found}
    return MappingProxyType(found | plurals)


@cache
def hosted_only_keys() -> tuple[str, ...]:
    """Models that are known as a service only: with a price, or with a published score."""
    priced = [row["model"] for row in read("hosted_prices")["offers"]]
    scored = list(read("quality"))
    return tuple(dict.fromkeys(key for key in (*priced, *scored) if key not in model_blocks()))


def hosted_name(key: str) -> str:
    """Name for people of a hosted model."""
    return str(read("quality").get(key, {}).get("display_name", key))


def _model_words(key: str) -> Iterator[str]:
    block = model_blocks()[key]
    hub = block.get("hf_id", key)
    tail = hub.rpartition("/")[2]
    for stem in (key, block["display_name"], tail, *_shorter(block["display_name"]), *_shorter(tail)):
        yield stem
        for ending in ENDINGS:
            yield f"{stem} {ending}"
    yield hub


def _shorter(name: str) -> Iterator[str]:
    """A name without its ending, date or version tail: `Qwen2.5-7B-Instruct` is `Qwen2.5-7B`."""
    bare = re.sub(r"(?i)[-_ ](instruct|chat|it|hf|base)\b.*$", "", name)
    bare = re.sub(r"[-_ ](v0\.\d|\d{4})$", "", bare)
    if bare != name:
        yield bare


def _gpu_words(key: str) -> Iterator[str]:
    block = gpu_blocks()[key]
    label = f"{block['memory_gb']}gb"
    yield key
    yield re.sub(r"\s*\(.*\)", "", block["display_name"])
    yield block["display_name"]
    yield from block["aliases"]
    yield f"{key} {label}"
    for vendor in VENDORS:
        yield key.removeprefix(f"{vendor}-")
