"""What counties write about episodes of care: tracks, legal deadlines, contacts."""
