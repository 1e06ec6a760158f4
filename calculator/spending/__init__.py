"""What a tracked deployment cost: usage, terms, spend, the statement, alerts."""
