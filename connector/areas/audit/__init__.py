"""Evidence bundles of this node: making them, reading them, and whom to trust about them."""
