"""Answers, and how they are kept: what was shown, so that it shows again as it was given whatever changes since."""
