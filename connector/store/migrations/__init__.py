"""Alembic's environment: migrations are found in `versions`, run by `connector.store.migrate`."""
