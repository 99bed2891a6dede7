"""Decisions on many cases at once."""
