"""Looking after a store: health checks, salvaging a damaged one, and going on after a loss."""
