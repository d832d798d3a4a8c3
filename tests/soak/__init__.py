"""Faults on the wire between two real connectors: ``python -m tests.soak --count 1000``."""
