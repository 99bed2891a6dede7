"""Reports as people read them: their words, the page of a terminal, and the files that are kept."""
