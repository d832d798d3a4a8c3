"""PostgreSQL for tests: a private server (`cluster`), a database for each party (`databases`).

``python -m tests.postgres`` starts a server, runs the tests of both stores with ``VOILE_TEST_DATABASE``
set, and stops the server again, whatever happened. Tests that find the variable give each party
of theirs a database of its own there; without it they use SQLite as ever.
"""
