"""The encrypted database file: its driver, its tables, and the files beside it."""
