"""Exercises for one: a case answer by answer, what would be if, the flip, the drill."""
