"""The formulas, on one number or on numpy columns: memory, prefill, decode step, latency, coefficients."""
