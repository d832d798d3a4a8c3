"""What runs: areas put together as a participant, a hub or a test profile, and its process."""
