"""Pages of practice: the menu, cases, judgements, the trainer's pages."""
