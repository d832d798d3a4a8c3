"""The pages of finding, negotiating and holding contracts."""
