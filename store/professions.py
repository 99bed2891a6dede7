"""Where a store keeps the profession of a worker, by which contacts are told without a name."""

from __future__ import annotations


def profession_key(handle: str) -> str:
    """Return the setting that holds the profession of the worker with a staff code."""
    return f"profession.{handle}"
