"""Pathway files on disk: reading, checking and beginning them, and which of them are proven."""
