"""The wheel alone: built, installed into an empty environment, and run from an empty folder."""

from __future__ import annotations

import re
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from tests.e2e.processes import environment

ROOT = Path(__file__).resolve().parents[2]
ROOMS = {"catalog", "connector", "contracts", "crypto", "policies"}
SECONDS = 480


def run(*command: str | Path, cwd: Path, seconds: float = SECONDS) -> str:
    """Run a program without our own paths in its environment; give what it printed."""
    outside = {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV"}
    env = {name: value for name, value in environment().items() if name not in outside}
    done = subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env=env,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this tree, as its build backend makes it; no network is needed."""
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=ROOT)
    (made,) = folder.glob("*.whl")
    return made


def test_the_wheel_holds_the_five_rooms_and_nothing_else(wheel: Path):
    """Five packages and the metadata: no test, no benchmark; what is no Python comes along."""
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == ROOMS
    inside = {name for name in names if name.split("/")[0] in ROOMS}
    listed = run("git", "ls-files", *sorted(ROOMS), cwd=ROOT).splitlines()
    assert inside >= set(listed), "a file of the rooms is not in the wheel"


@pytest.mark.long
def test_an_installed_wheel_runs_the_demonstration(wheel: Path, tmp_path: Path):
    """`voile demo` from an empty folder, out of the installed files only, ends with: all held."""
    fresh, empty = tmp_path / "fresh", tmp_path / "empty"
    empty.mkdir()
    run(sys.executable, "-m", "venv", "--without-pip", fresh, cwd=tmp_path)
    python = fresh / "bin" / "python"
    asked = "import sysconfig; print(sysconfig.get_paths()['purelib'])"
    packages = Path(run(python, "-c", asked, cwd=empty).strip())
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", python)
    run(*pip, "install", "--quiet", "--no-index", "--no-deps", wheel, cwd=empty)
    # the locked dependencies; the files that make our tree importable from there are not read
    ours = sysconfig.get_paths()
    locked = dict.fromkeys((ours["purelib"], ours["platlib"]))
    (packages / "locked.pth").write_text("\n".join(locked) + "\n", encoding="utf-8")
    generator = Path(ours["scripts"]) / "tpchgen-cli"  # a dependency that is a program
    (fresh / "bin" / generator.name).symlink_to(generator)
    where = "import connector, crypto; print(connector.__file__, crypto.__file__, sep=chr(10))"
    for line in run(python, "-c", where, cwd=empty).splitlines():
        assert Path(line).is_relative_to(packages)
    voile = fresh / "bin" / "voile"
    assert run(voile, "--version", cwd=empty).startswith("voile ")
    assert list(empty.iterdir()) == []
    said = run(voile, "demo", "--scale", "0.01", "--lang", "en", cwd=empty)
    last = said.splitlines()[-1]
    assert re.fullmatch(r"voile demo: all held \(12 steps, \d+ checks, \d+ s\)", last), said[-2000:]
    assert [path.name for path in empty.iterdir()] == ["demo-out"]
    assert (empty / "demo-out" / "report.html").stat().st_size > 10_000
