"""Pure functions from results to what Slack shows."""
