"""The official test kit's 65 cases, replayed over HTTP against a running connector: `make tck`."""
