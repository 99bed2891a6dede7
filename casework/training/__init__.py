"""Use cases of practice: a seat, its cases and tries, and its class."""
