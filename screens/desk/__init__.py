"""The nurse's desk: setup, sign-in, the start, the worklist, the idle lock, emergencies."""
