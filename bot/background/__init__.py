"""What the bot does by itself: the clock, posting, the hourly look, prices renewed."""
