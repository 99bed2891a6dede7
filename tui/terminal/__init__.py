"""The terminal: driver, keyboard, capabilities, and what it is sent."""
