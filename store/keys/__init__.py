"""The ways to the data key: slots, the signed key file, failed sign-ins, and a new data key."""
