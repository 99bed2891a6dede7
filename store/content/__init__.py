"""Pathways, services and vignettes that are updated apart from the program, as signed folders."""
