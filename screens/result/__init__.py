"""The result of an assessment: what is suggested and why, the services, and the nurse's word."""
