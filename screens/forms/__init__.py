"""Forms: fields one after another, and what is asked in more than one room."""
