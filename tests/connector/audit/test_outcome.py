"""The commands of the audit say one thing: headline, JSON and exit code are one value."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from connector.faces.cli import build
from contracts.audit.report import OUTCOMES, together
from contracts.audit.trust import write_trust

if TYPE_CHECKING:
    from pathlib import Path

    from tests.connector.audit.conftest import Case

WAYS = ("verify", "diff", "drill")


@pytest.fixture(scope="module")
def folders(case: Case, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Bundles of both sides, one with a flipped byte, nothing at all, and the trust file."""
    made = tmp_path_factory.mktemp("outcome")
    found = {"a": case.folder / "buyer.bundle", "b": case.folder / "supplier.bundle"}
    found |= {name: made / name for name in ("flipped", "none", "trust")}
    shutil.copytree(found["a"], found["flipped"])
    entries = found["flipped"] / "log" / "entries.jsonl"
    data = bytearray(entries.read_bytes())
    data[len(data) // 2] ^= 1
    entries.write_bytes(data)
    found["trust"].write_bytes(write_trust(case.trust))
    return found


@pytest.mark.sweep
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("bundle", "trusted", "expected"),
    [
        ("a", True, "OK"),
        ("flipped", True, "FINDINGS"),
        ("none", True, "UNREADABLE"),
        ("a", False, "UNCHECKED"),
        ("flipped", False, "FINDINGS"),
    ],
)
def test_headline_json_and_exit_code_are_one(
    folders: dict[str, Path], way: str, bundle: str, trusted: bool, expected: str
):
    """Whatever is compared or drilled: what nobody vouches for is never headed OK."""
    arguments = ["audit", way, str(folders[bundle])]
    arguments += [str(folders["b"])] if way == "diff" else []
    arguments += ["--trust", str(folders["trust"])] if trusted else []
    arguments += ["--flips", "2"] if way == "drill" else []
    code = next(code for code, word in OUTCOMES.items() if word == expected)
    plain = CliRunner().invoke(build(), arguments)
    assert (plain.stdout.splitlines()[0], plain.exit_code) == (expected, code)
    told = CliRunner().invoke(build(), [*arguments, "--json"])
    said = json.loads(told.stdout)
    assert (said["outcome"], said["exit"], told.exit_code) == (expected, code, code)


def test_findings_go_before_what_is_unchecked():
    """Of several checks the gravest is said; clean only if all are."""
    assert together([]) == together([0, 0]) == 0
    assert together([3, 1, 0]) == 1
    assert together([0, 3]) == 3
    assert together([2, 3]) == 2
