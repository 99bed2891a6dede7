"""Files on a disk: who may use them, how they are written, locked and removed, and what failed."""
