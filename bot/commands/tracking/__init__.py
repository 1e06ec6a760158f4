"""What is tracked and what it costs: deployments, usage, summaries, schedules, alerts, samples."""
