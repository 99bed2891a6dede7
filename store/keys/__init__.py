"""The ways to the data key: slots under passphrases, the signed file of them, and who holds one."""
