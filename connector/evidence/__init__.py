"""The evidence log of one party: leaves, checkpoints, heads of others, acknowledgements."""
