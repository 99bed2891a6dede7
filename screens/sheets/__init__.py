"""Sheets for the hand: what a client or a manager takes along, to read, to write on, to print."""
