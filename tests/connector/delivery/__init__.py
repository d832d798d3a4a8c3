"""Tests of `connector.delivery`."""
