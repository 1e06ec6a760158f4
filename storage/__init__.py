"""The memory: one SQLite file; in each module a table, what hangs on it, its frozen record and one small class."""
