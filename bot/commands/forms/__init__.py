"""Modals opened and read, and what a shortcut finds in a message."""
