"""The core equals the reference in every field of whole results, where the reference can run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crypto.disclosure.memory import MemorySource
from tests.crypto.disclosure.second_reference import Reference, compare
from tests.crypto.disclosure.second_vectors import QuickSource

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def reference(vectors: Path) -> Reference:
    folder = vectors.parent / "reference" / "disclosure"
    if not (folder / "table.py").is_file():
        pytest.skip(f"no reference of disclosure control at {folder}")
    pytest.importorskip("numpy", reason="the reference of disclosure control needs numpy")
    return Reference(folder)


@pytest.mark.long
@pytest.mark.parametrize(("kind", "seed"), [(MemorySource, 1), (QuickSource, 151)])
def test_random_and_built_tables_come_out_as_in_the_reference(
    reference: Reference, kind: type[MemorySource], seed: int
) -> None:
    """Cells, ties, held and withheld ones, values and answers are equal on 150 products each."""
    assert compare(reference, seed, 150, kind) == []
