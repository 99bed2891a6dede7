"""A pathway on paper: what a doctor reads and signs, and the questions as a form."""
