"""The texts of the tables, a file for each version that brought some; none is changed any more."""
