"""Answers painted as pictures for slides."""
