"""The rows that reports count, kept in the transaction of each entry that changes them."""
