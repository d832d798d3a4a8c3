"""What any process needs: settings, errors, clock, limits, locks, logs."""
