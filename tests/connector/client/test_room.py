"""The room of the client: what may be imported for it, and what the package tells a type checker."""

from __future__ import annotations

import subprocess
import sys

import pytest

import connector.client

HEAVY = {"duckdb", "sqlglot", "sqlalchemy", "sqlmodel", "flask", "waitress", "cryptography"}
HEAVY |= {"requests", "pandas", "polars", "pyarrow", "numpy", "rich", "typer", "gmpy2", "phe"}


@pytest.mark.parametrize(
    "module", ["connector.client", "connector.client.face", "connector.client.dbapi"]
)
def test_importing_the_client_is_cheap(module: str) -> None:
    """No room of the shell but `process`, no engine, no area, no library that works."""
    program = f"import sys, {module}; print(*sorted(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    loaded = done.stdout.split()
    assert not HEAVY & {name.partition(".")[0] for name in loaded}
    rooms = {name.split(".")[1] for name in loaded if name.startswith("connector.")}
    # the name alone imports nothing: who draws answers takes single modules
    assert rooms == ({"client"} if module == "connector.client" else {"client", "process"})


def test_what_is_offered_is_there() -> None:
    """Every name of `__all__`."""
    assert all(hasattr(connector.client, name) for name in connector.client.__all__)
