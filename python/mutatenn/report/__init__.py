"""Reports: the same campaign told to machines and to people."""
