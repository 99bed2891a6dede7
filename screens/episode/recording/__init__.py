"""What may be recorded in an episode: the keys, and the form of each kind of event."""
