"""The second axis of a campaign: the same original and the same mutants on several devices."""
