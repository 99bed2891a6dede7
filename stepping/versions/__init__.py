"""Two versions of a pathway compared: their edits, and where the outcome differs."""
