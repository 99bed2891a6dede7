"""What was installed: which package, the signed list of its files, and who may sign."""
