"""Version 10: answers that were given elsewhere, with the instant of that."""

from __future__ import annotations

TABLES = """
-- Where an answer was given that nobody was asked for here: on a form of another program, or in the
-- national navigator. It is as old as that; where only the day is known, that day's beginning.
ALTER TABLE answers ADD COLUMN elsewhere TEXT CHECK (elsewhere IN ('form', 'navigator'));
ALTER TABLE answers ADD COLUMN given_at TEXT CHECK (
    (given_at ISNULL) = (elsewhere ISNULL) AND given_at GLOB '????-??-??T??:??:??.???Z'
);
"""
