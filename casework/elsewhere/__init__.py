"""Answers that were given elsewhere, taken into an assessment."""
