"""Slack's limits as tables: the bot and the local workspace both check by them, and know nothing of each other."""
