"""Measured claims, each runnable by name: ``python -m benchmarks NAME [--quick] [--json]``."""
