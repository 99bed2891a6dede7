"""How the files of a pathway are tied together, one module for each kind of part."""
