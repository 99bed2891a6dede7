"""Porras line by line: the same screens, read out one after another on any terminal."""
