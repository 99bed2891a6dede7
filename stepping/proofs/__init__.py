"""The proofs over all answer sets of a pathway, and the whole check that they are a part of."""
