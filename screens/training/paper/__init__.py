"""Sheets of a training to print on A4: cases, roles, debriefs, scripts, a certificate."""
