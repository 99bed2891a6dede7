"""How long reports take over a million assessments, beside DuckDB on the same rows."""
