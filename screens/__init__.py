"""One module a screen, in the nurse's order of work."""
