"""For admins: channels, privacy, the audit."""
