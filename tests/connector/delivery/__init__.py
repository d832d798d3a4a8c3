"""Tests of `connector.areas.delivery`."""
