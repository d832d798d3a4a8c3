"""A data space of the size that the console must bear: made once, in bulk, and kept under `.cache`."""
