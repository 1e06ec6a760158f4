"""Peak memory of a static batch against TensorRT-LLM 0.9's published figures (GB per GPU), within 6 %."""

import pytest

from calculator.physics.peak_memory import peak_bytes
from calculator.physics.shape_from_specs import shape_of
from tests.calculator.make import deployment


@pytest.mark.parametrize(
    ("model", "gpu", "tp", "precision", "batch", "prompt", "output", "gigabytes"),
    [
        ("mistral-7b", "h100-sxm", 1, "fp8", 896, 128, 128, 39.65),
        ("llama-2-70b", "h100-sxm", 4, "fp16", 128, 128, 128, 44.11),
        ("llama-2-70b", "h100-sxm", 2, "fp8", 8, 128, 2048, 40.02),
        ("llama-2-7b", "h100-sxm", 1, "fp16", 16, 2048, 128, 35.84),
        ("llama-2-13b", "h100-sxm", 1, "fp8", 16, 128, 4096, 42.57),
        ("llama-2-70b", "h200-sxm", 1, "fp8", 512, 128, 128, 110.0),
        ("falcon-180b", "h200-sxm", 4, "fp8", 128, 128, 2048, 61.45),
        ("mistral-7b", "h100-sxm", 1, "fp16", 16, 128, 4096, 24.22),
    ],
)
def test_peak_memory_is_the_measured_one(model, gpu, tp, precision, batch, prompt, output, gigabytes):
    cache = "fp8" if precision == "fp8" else "fp16"
    shape = shape_of(deployment(model, gpu, precision, tp=tp, kv_precision=cache, engine="tensorrt-llm"))
    assert peak_bytes(shape, prompt, output, batch) / 1e9 == pytest.approx(gigabytes, rel=0.06)
