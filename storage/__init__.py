"""The memory: one SQLite file; one table, one frozen record and one small class per module."""
