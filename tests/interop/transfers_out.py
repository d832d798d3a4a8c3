"""Transfers of Voile's files to EDC."""
