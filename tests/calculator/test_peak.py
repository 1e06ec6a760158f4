"""Peak memory of a static batch against TensorRT-LLM 0.9's published figures (GB per GPU), within 6 %."""

import pytest

from calculator.peak import peak_bytes
from calculator.sides import shape_of
from tests.calculator.make import deployment
