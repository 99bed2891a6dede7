"""What a report may count: rows that name nobody, made from episodes and assessments of care."""
