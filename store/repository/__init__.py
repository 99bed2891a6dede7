"""The records of a store, one module a kind."""
