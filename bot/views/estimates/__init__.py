"""The answer about one option: its verdict, its figures, its details, its form."""
