"""One deployment under one workload: memory, latency, load, cost, score, advice, intervals."""
