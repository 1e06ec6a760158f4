"""What operators look at: health endpoints, /metrics, logs, the heartbeat, and the web server they share."""
