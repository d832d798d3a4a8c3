"""A command that fails half-way takes away what it made, and nothing else."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from connector.party.home import Plan, make_home
from connector.process.errors import SettingsError
from connector.process.leftovers import undone_on_failure

if TYPE_CHECKING:
    from pathlib import Path


def test_a_home_that_another_command_made_beside_it_stays(tmp_path: Path):
    """Two homes under a folder that neither found: the one that fails leaves the other alone."""
    above = tmp_path / "srv" / "voile"
    with suppress(RuntimeError), undone_on_failure() as left:
        left.before(above / "a" / "data")
        (above / "a" / "data").mkdir(parents=True)
        (above / "b").mkdir()
        (above / "b" / "kek.key").write_text("b's own")
        raise RuntimeError
    assert (above / "b" / "kek.key").read_text() == "b's own"
    assert not (above / "a").exists()


def test_folders_that_were_made_for_it_alone_go(tmp_path: Path):
    """Where nobody else came, the folders on the way are gone, too; what was there stays."""
    (tmp_path / "was").mkdir()
    with suppress(RuntimeError), undone_on_failure() as left:
        left.before(tmp_path / "was" / "x" / "y" / "z")
        (tmp_path / "was" / "x" / "y" / "z").mkdir(parents=True)
        raise RuntimeError
    assert list((tmp_path / "was").iterdir()) == []


def test_two_commands_do_not_make_one_home(tmp_path: Path):
    """The second finds the settings of the first, ends with a word, and takes nothing away."""
    plan = Plan(did="did:web:acme.example", public_url="https://acme.example")
    home = tmp_path / "home"
    make_home(home, plan, {})
    before = {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}
    with pytest.raises(SettingsError) as caught:
        make_home(home, plan, {})
    assert caught.value.code == "home-exists"
    assert {path: path.read_bytes() for path in home.rglob("*") if path.is_file()} == before
