"""Keeps in mind what the terminal shows, and sends it only what differs."""
