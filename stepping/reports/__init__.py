"""What reports count, for which periods, and what of it may leave the house: pure functions."""
