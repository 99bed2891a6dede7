"""Makes the packages that a site installs: with a Python, without one, and for Windows."""
