"""The client alone at the keyboard: handing over, the questions, the call, and the lock."""
