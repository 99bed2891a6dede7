"""What is said of answers that were given elsewhere."""
