"""Disclosure control: laws checked from the rows by an independent slow reference."""
