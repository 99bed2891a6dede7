"""The full screen on Windows: the cells and keys of its console."""
