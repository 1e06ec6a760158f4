"""Arithmetic that works alike on one number and on numpy columns of many.

One question uses plain floats and never imports numpy; a sweep of the catalog hands in columns.
"""

import math
from typing import Any

Column = Any
"""One number (float or int), or a numpy array of many. Formulas are written once for both."""


NUMBERS = (float, int)


def is_plain(*values: Column) -> bool:
    """Whether all are single numbers."""
    return all(isinstance(value, NUMBERS) for value in values)


def least(a: Column, b: Column) -> Column:
    """The smaller, element by element."""
    if isinstance(a, NUMBERS) and isinstance(b, NUMBERS):
        return min(b, a)
    import numpy as np  # noqa: PLC0415  # only a sweep pays for numpy

    return np.minimum(a, b)


def most(a: Column, b: Column) -> Column:
    """The larger, element by element."""
    if isinstance(a, NUMBERS) and isinstance(b, NUMBERS):
        return max(b, a)
    import numpy as np  # noqa: PLC0415

    return np.maximum(a, b)


def choose(condition: Column, yes: Column, no: Column) -> Column:
    """`yes` where the condition holds, else `no`; both are computed."""
    if isinstance(condition, NUMBERS):
        return yes if condition else no
    import numpy as np  # noqa: PLC0415

    return np.where(condition, yes, no)


def ceil(value: Column) -> Column:
    """The next whole number; infinity and not-a-number stay."""
    if isinstance(value, NUMBERS):
        return float(math.ceil(value)) if math.isfinite(value) else value
    import numpy as np  # noqa: PLC0415

    return np.ceil(value)


def floor(value: Column) -> Column:
    """The whole number below; infinity and not-a-number stay."""
    return -ceil(-value)


def log2(value: Column) -> Column:
    """Logarithm to base 2."""
    if isinstance(value, NUMBERS):
        return math.log2(value)
    import numpy as np  # noqa: PLC0415

    return np.log2(value)


def exp(value: Column) -> Column:
    """Natural exponential."""
    if isinstance(value, NUMBERS):
        return math.exp(value)
    import numpy as np  # noqa: PLC0415

    return np.exp(value)
