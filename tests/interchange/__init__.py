"""Our forms in other people's programs: three renderers in a real browser."""
