"""What the pages of the desk ask: what waits, who was seen, who is looked for, a backup."""
