"""Forms and results as other programs read them: FHIR R4, made of plain data."""
