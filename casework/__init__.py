"""Use cases: what is done with a client's record, without screens and without SQL."""
