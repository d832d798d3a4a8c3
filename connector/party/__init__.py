"""One party: its node, its home, and the two web applications its areas bring routes to."""
