"""Documents to print or to keep: told once as blocks, drawn as text, Markdown or HTML."""
