"""Pages that need several areas."""
