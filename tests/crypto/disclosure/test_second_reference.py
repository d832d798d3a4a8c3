"""The core equals the reference in every field of whole results, where the reference can run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.crypto.disclosure.second_reference import Reference, compare

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def reference(vectors: Path) -> Reference:
    folder = vectors.parent / "reference" / "disclosure"
    if not (folder / "table.py").is_file():
        pytest.skip(f"no reference of disclosure control at {folder}")
    pytest.importorskip("numpy", reason="the reference of disclosure control needs numpy")
    return Reference(folder)


def test_random_and_built_tables_come_out_as_in_the_reference(reference: Reference) -> None:
    """Cells, ties, held and withheld ones, values and answers are equal on 150 products."""
    assert compare(reference, 1, 150) == []
