"""What every page for a client alone at the keyboard shares: handing over, and the lock."""
