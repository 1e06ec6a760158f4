"""What an hour or a token costs."""
