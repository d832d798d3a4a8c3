"""A data space of the size that the console must bear: made once, kept under `.cache`."""
