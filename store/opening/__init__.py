"""Opening a store: setting up, unlocking, staff accounts, and the training store."""
