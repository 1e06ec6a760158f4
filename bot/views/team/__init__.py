"""What a team has of its own: prices, measurements, models, defaults."""
