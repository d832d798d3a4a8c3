"""What `benchmarks.doors` counts is what ran: files, and calls from one of ours into another."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from benchmarks import doors, rooms
from crypto.canonical import digest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A place that the benchmark takes for ours, with one package of ours."""
    for module in (doors, rooms):
        monkeypatch.setattr(module, "ROOT", tmp_path)
    doors.ours.cache_clear()
    found = tmp_path / "crypto"
    found.mkdir()
    yield found
    doors.ours.cache_clear()


@contextmanager
def counted() -> Iterator[doors.Doors]:
    with doors.profiled() as found, found.watching():
        yield found


def test_a_call_into_another_file_is_a_move_and_a_generator_that_goes_on_is_none(
    package: Path,
) -> None:
    """Library code in between hides no move, and a call inside a file is none."""
    texts = {
        "low": "def each():\n    yield from (1, 2, 3)\n\ndef key(x):\n    return -x\n",
        "high": "def run(low):\n    return mine(low)\n\n"
        "def mine(low):\n    return sorted(low['each'](), key=low['key'])\n",
    }
    spaces: dict[str, dict[str, object]] = {name: {} for name in texts}
    for name, text in texts.items():
        path = package / f"{name}.py"
        path.write_text(text, encoding="utf-8")
        exec(compile(text, str(path), "exec"), spaces[name])
    run = spaces["high"]["run"]
    assert callable(run)
    with counted() as found:
        assert run(spaces["low"]) == [3, 2, 1]
    assert set(found.files) == {"crypto/low.py", "crypto/high.py"}
    assert found.moves == {("crypto/high.py", "crypto/low.py"): 1 + 3}
    assert found.files["crypto/high.py"] == 2


def test_nothing_is_counted_outside_of_what_is_watched() -> None:
    """Neither before nor after; and a second time begins at nothing."""
    with doors.profiled() as found:
        digest({"a": 1})
        with found.watching():
            assert not found.files
            digest({"a": 1})
        seen = found.files.copy()
        digest({"a": 1})
    assert found.files == seen
    assert "crypto/canonical.py" in seen


def test_rooms_and_who_names_an_area_are_read_from_the_paths(package: Path) -> None:
    """Whatever the folders are called: a room is a folder with modules, an import is any form of it."""
    root = package.parent
    for name in rooms.PACKAGES:
        (root / name).mkdir(exist_ok=True)
    texts = {
        "connector/one.py": "",
        "connector/any/place/__init__.py": "",
        "connector/any/place/rows.py": "x = 1\ny = 2\n",
        "connector/lists.py": 'AREAS = ("connector.any.place.rows",)\n',
        "connector/whole.py": "from connector.any import place\n",
        "crypto/part.py": "import connector.any.place.rows\n",
        "crypto/word.py": '"""The place of it."""\n',
        "crypto/other.py": "from connector.any.places import x\n",
    }
    for name, text in texts.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    found = {row["name"]: row["value"] for row in rooms.sizes()}
    assert found == {"size of connector, single modules": 2, "size of connector/any/place": 2}
    importing, naming = (
        {path.relative_to(root).as_posix() for path in paths}
        for paths in rooms.outside("connector/any/place")
    )
    assert importing == {"connector/lists.py", "connector/whole.py", "crypto/part.py"}
    assert naming == importing | {"crypto/word.py"}
