"""The command that starts it."""
