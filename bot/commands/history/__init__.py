"""Stored answers: found, shown, exported, shared, launched."""
