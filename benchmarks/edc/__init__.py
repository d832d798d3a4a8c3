"""Voile beside an Eclipse EDC: the same work, the same client, the same machine, one run."""
