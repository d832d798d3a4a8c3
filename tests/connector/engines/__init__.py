"""The engines, against the independent reference of `tests.crypto.disclosure`."""
