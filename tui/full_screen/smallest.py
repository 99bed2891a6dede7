"""The smallest window that every page can be read in."""

COLUMNS, ROWS = 64, 18
"""Character cells, as a projector with large letters has them."""
