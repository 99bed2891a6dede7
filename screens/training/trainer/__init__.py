"""The trainer's pages of a class, for the projector, and the report of it."""
