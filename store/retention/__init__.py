"""The end of a record: what is due, what is deleted with proof, and what is counted for ever."""
