"""Pages that combine several areas."""
