"""The shell: what a question looks like, how an answer is shown, and where both travel."""
