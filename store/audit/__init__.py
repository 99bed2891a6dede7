"""What was done, by whom, in a chain that shows every change by hand."""
