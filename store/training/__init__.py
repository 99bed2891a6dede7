"""What practice keeps on disk: seats, their records, and classes; never beside a real client."""
