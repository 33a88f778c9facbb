"""Campaigns: a fixed list of mutants, run one by one, each verdict kept as it falls."""
