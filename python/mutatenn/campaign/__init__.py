"""Campaigns: a fixed list of mutants, each run isolated, each verdict kept as it falls."""
