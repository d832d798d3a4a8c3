"""Engines run one grouped query where the data lies and hand over cells, never rows."""
