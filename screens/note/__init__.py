"""The note of an assessment for the patient record."""
