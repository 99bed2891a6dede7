"""Decisions, conditions, events and days in words."""
