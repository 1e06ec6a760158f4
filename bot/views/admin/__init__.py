"""For admins: the audit, privacy, how the bot is doing."""
