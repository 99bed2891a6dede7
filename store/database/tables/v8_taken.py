"""Version 8: what a note was like when it was taken to the patient record."""

from __future__ import annotations

TABLES = """
-- Digests of the texts of the note as it was taken, by its parts; no text. Older rows have none.
ALTER TABLE taken ADD COLUMN note TEXT CHECK (json_valid(note));
"""
