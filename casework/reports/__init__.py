"""Reports as they are asked for: who may ask, what is counted, which targets there are."""
