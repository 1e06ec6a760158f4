"""Any stored answer as a message, what changed since, and what follows in a thread."""
