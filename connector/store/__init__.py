"""The store: one database per node, one writer at a time, evidence in the same transaction."""
