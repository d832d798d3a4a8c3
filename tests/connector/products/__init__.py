"""Publishing products through the shell."""
