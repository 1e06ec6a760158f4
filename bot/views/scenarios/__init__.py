"""Saved decisions, and the report of them."""
