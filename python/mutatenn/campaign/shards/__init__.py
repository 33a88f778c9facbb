"""Campaigns in parts that run apart, and are one again once they are merged."""
