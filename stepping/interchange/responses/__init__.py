"""Reads forms that were filled in by other programs: matched, computed anew, never trusted."""
