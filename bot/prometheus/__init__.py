"""Usage fetched from a Prometheus: the client, its responses, each engine's metrics, the hourly collecting."""
