"""What every screen stands on: the page, its lines, its fields and its keys."""
