"""Voile against a live Eclipse EDC: `python -m tests.interop`. Not part of the ordinary suite."""
