"""Setting up a store, unlocking it, changing its key, and who may."""
