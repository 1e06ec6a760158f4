"""The shell: what a question looks like, how an answer is shown, and where both travel."""

__version__ = "0.1.0"
