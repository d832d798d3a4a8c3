"""Transfers of EDC's bytes to Voile."""
