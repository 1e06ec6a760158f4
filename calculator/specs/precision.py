"""How weights and KV cache are stored: bits per number, scales included, and what the matrix units then compute in.

Sources of the widths: AWQ/GPTQ keep a 16-bit scale and a 4-bit zero per group (4.16 bits at 128, 4.65 at 32); NVFP4 an
8-bit scale per 16 and MXFP4 one per 32 (OCP MX 1.0); NF4 an 8-bit second-level scale per 64 (QLoRA); GGUF widths are
those of whole files as llama.cpp's quantize prints them, embeddings included.
"""

from types import MappingProxyType

from calculator.base import Frozen
from calculator.errors import QuestionError
from calculator.specs.gpu import ComputeDtype

BITS_16 = 16.0


class Precision(Frozen):
    """One way of storing weights."""

    key: str
    """Name: `fp8`, `int4-awq`, `q4_k_m`."""
    label: str
    """Name for people."""
    linear_bits: float
    """Bits per weight of the dense layers, scales included."""
    expert_bits: float
    """Bits per weight of the routed experts, scales included."""
    embedding_bits: float = BITS_16
    """Bits per weight of the embedding and the output head; 16 in most quantised checkpoints."""
    compute: ComputeDtype = "bf16"
    """What the matrix units compute in, where the hardware can; else 16 bits."""
    gguf: bool = False
    """A file format of llama.cpp."""

    def __hash__(self) -> int:
        return hash(self.key)

    @property
    def is_quantised(self) -> bool:
        """Whether any weight is below 16 bits."""
        return min(self.linear_bits, self.expert_bits) < BITS_16


def _plain(key: str, bits: float, compute: ComputeDtype, label: str | None = None) -> Precision:
    return Precision(key=key, label=label or key.upper(), linear_bits=bits, expert_bits=bits, compute=compute)


def _gguf(key: str, bits: float) -> Precision:
    return Precision(
        key=key, label=key.upper(), linear_bits=bits, expert_bits=bits, embedding_bits=bits, compute="fp16", gguf=True
    )


def _experts(key: str, label: str, expert_bits: float, linear_bits: float, compute: ComputeDtype) -> Precision:
    return Precision(key=key, label=label, linear_bits=linear_bits, expert_bits=expert_bits, compute=compute)


_ALL = (
    _plain("fp32", 32, "fp16"),
    _plain("bf16", BITS_16, "bf16"),
    _plain("fp16", BITS_16, "fp16"),
    _plain("fp8", 8, "fp8"),
    _plain("int8", 8, "int8"),
    _plain("fp6", 6, "bf16"),
    _plain("int4-awq", 4.16, "fp16", "INT4 (AWQ, group 128)"),
    _plain("int4-gptq", 4.16, "fp16", "INT4 (GPTQ, group 128)"),
    _plain("int4-g32", 4.65, "fp16", "INT4 (group 32)"),
    _plain("nf4", 4.13, "bf16", "NF4 (bitsandbytes)"),
    _plain("nvfp4", 4.5, "fp4"),
    _plain("mxfp4", 4.25, "fp4"),
    _experts("mxfp4-experts", "MXFP4 experts, bf16 rest", 4.25, BITS_16, "bf16"),
    _experts("int4-experts", "INT4 experts, bf16 rest", 4.65, BITS_16, "bf16"),
    _experts("fp4-experts", "FP4 experts, FP8 rest", 4.25, 8, "fp8"),
    _gguf("q2_k", 3.35),
    _gguf("q3_k_m", 3.91),
    _gguf("q4_0", 4.55),
    _gguf("q4_k_s", 4.58),
    _gguf("q4_k_m", 4.85),
    _gguf("q5_k_m", 5.69),
    _gguf("q6_k", 6.56),
    _gguf("q8_0", 8.5),
)
PRECISIONS = MappingProxyType({precision.key: precision for precision in _ALL})
"""Every weight precision by key."""

PRECISION_WORDS: MappingProxyType[str, tuple[str, ...]] = MappingProxyType({
    "bf16": ("bfloat16",), "fp16": ("float16", "half", "16-bit", "16 bit", "16bit", "f16"),
    "fp8": ("float8", "8-bit float", "fp8 e4m3", "w8a8-fp8"), "int8": ("8-bit", "8 bit", "8bit", "w8a8", "w8a16"),
    "int4-awq": ("awq", "int4", "4-bit", "4 bit", "4bit", "awq-int4", "awq int4", "w4a16"),
    "int4-gptq": ("gptq", "gptq-int4", "gptq int4"), "int4-g32": ("int4 group 32", "gptq g32", "awq g32"),
    "nf4": ("bnb", "bitsandbytes", "bnb-4bit"), "nvfp4": ("nv-fp4", "fp4"), "mxfp4": ("mx-fp4",), "fp6": (),
    "fp32": ("float32", "32-bit"),
    "q2_k": ("q2",), "q3_k_m": ("q3",), "q4_0": (), "q4_k_s": (), "q4_k_m": ("q4", "gguf"), "q5_k_m": ("q5",),
    "q6_k": ("q6",), "q8_0": ("q8",),
})  # fmt: skip
"""How people write a precision: key to its other spellings. What the parser reads and the help lists."""

KV_BYTES = MappingProxyType({"fp16": 2.0, "bf16": 2.0, "fp8": 1.0, "int8": 1.0, "fp32": 4.0})
"""Bytes per number in the KV cache."""

_NATIVE_TWINS = MappingProxyType({"mxfp4": "mxfp4-experts", "int4-awq": "int4-experts", "nvfp4": "fp4-experts"})


def _squeeze(text: str) -> str:
    return "".join(letter for letter in text.lower() if letter.isalnum())


def find_precision(words: str, native: str = "bf16") -> Precision:
    """The precision that `words` name, for a model stored natively as `native`; QuestionError lists what is known.

    "mxfp4" of a model whose experts alone are MXFP4 (gpt-oss) means that checkpoint.
    """
    typed = _squeeze(words)
    spellings = {_squeeze(word): key for key, others in PRECISION_WORDS.items() for word in (key, *others)}
    key = {_squeeze(name): name for name in PRECISIONS}.get(typed) or spellings.get(typed)
    if key is None:
        known = ", ".join(PRECISION_WORDS)
        raise QuestionError("precision", f"Unknown precision “{words}”. Type one of {known}.", tuple(PRECISION_WORDS))
    return PRECISIONS[native if _NATIVE_TWINS.get(key) == native else key]


def word_of(precision: Precision) -> str:
    """The word that finds this precision again, for the model whose it is: `mxfp4` for `mxfp4-experts`."""
    return {native: word for word, native in _NATIVE_TWINS.items()}.get(precision.key, precision.key)


def kv_bytes(words: str) -> float:
    """Bytes per number of a KV cache stored as `words`; QuestionError lists what is known."""
    key = words.lower().strip()
    if key not in KV_BYTES:
        raise QuestionError(
            "kv_cache", f"Unknown KV cache precision “{words}”. Type fp16, fp8 or int8.", tuple(KV_BYTES)
        )
    return KV_BYTES[key]
