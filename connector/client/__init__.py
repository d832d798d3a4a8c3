"""Asking a connector of one's own from a program: over its management API, as commands do."""
