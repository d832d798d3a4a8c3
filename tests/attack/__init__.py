"""Attacks on running connectors, through public interfaces: `python -m tests.attack`."""
