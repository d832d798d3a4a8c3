"""Measured figures, each as a ratio to a named reference taken in the same run."""
