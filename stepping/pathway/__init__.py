"""A pathway: its files, how they are read and linked, its conditions and its answers."""
