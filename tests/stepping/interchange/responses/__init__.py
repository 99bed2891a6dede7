"""Forms that come back filled in."""
