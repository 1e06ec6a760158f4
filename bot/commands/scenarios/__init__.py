"""Decisions that are saved, asked again and reported."""
