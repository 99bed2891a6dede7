"""One signed-in worker at one open store: transactions, permissions and entries of the log."""
