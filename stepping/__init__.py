"""The decision core: pathways, interview, decision and trace, as pure functions on frozen data."""
