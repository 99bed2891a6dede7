"""Everything that Porras keeps on disk: the encrypted database, its keys, and pathway files."""
