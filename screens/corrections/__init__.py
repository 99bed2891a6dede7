"""The screens that put right whose something is."""
