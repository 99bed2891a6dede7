"""The ways through practice: a menu, and a module for each mode."""
