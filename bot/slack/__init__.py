"""Slack in, Slack out: listeners, delivery, Home tabs, the connection, the client, files, uninstalling."""
