"""The answer about several options, or the whole catalog, and their forms."""
