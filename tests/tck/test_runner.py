"""The command line, and the runner of the real kit: it believes totals, nothing else."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

import pytest

from tests.contracts.dsp_vectors import VECTORS
from tests.e2e.forking import forked
from tests.e2e.processes import Space, environment
from tests.tck import real
from tests.tck.connector import ROOT, Connector
from tests.waiting import PATIENCE

if TYPE_CHECKING:
    from pathlib import Path

# as the kit prints at its end; the lines before it are one per case
GOOD = """[2026-11-21T09:06:56.46] SUCCESSFUL: CAT:01-02
\x1b[32m[2026-11-21T09:07:53.10] Passed tests: 65\x1b[0m
[2026-11-21T09:07:53.10] Failed tests: 0
[2026-11-21T09:07:53.11] Test run complete
"""
NOTHING = GOOD.replace("65", "0").replace("tests: 0\n[2026-11-21T09:07:53.11]", "tests: 59\n[")
HALF = GOOD.replace("[2026-11-21T09:07:53.11] Test run complete\n", "")
FEWER = GOOD.replace("65", "64")
ONE_LOST = GOOD.replace("65", "64").replace("Failed tests: 0", "Failed tests: 1")


def run(*arguments: str, fresh: bool = False) -> subprocess.CompletedProcess[str]:
    """Run `python -m tests.tck` to its end, forked or in a new interpreter."""
    if not fresh:
        return forked(arguments, environment(), PATIENCE, "tests.tck.__main__")
    return subprocess.run(
        [sys.executable, "-m", "tests.tck", *arguments],
        env=environment(),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def test_the_totals_are_demanded_and_the_exit_code_is_not_asked():
    """65 passed, none failed, run complete: anything less is not good."""
    assert real.judge(GOOD).good
    assert real.judge(GOOD).line() == "tck (real kit): 65 passed, 0 failed"
    assert real.judge(NOTHING) == real.Verdict(0, 59, complete=True)
    for output in (NOTHING, HALF, FEWER, ONE_LOST, "", "Exception in thread main", "No TCK tests"):
        assert not real.judge(output).good, output
    assert "no totals" in real.judge(HALF).line()


def test_our_properties_are_those_that_the_kit_was_proved_with():
    """The same keys and values as in the file beside the project."""
    file = VECTORS.parent / "tck" / "dsp" / "tck.properties"
    if not file.exists():
        pytest.skip("no properties file of the kit beside the project (VOILE_VECTORS)")
    theirs = {line for line in file.read_text().splitlines() if line and line[0] != "#"}
    assert set(real.properties().splitlines()) == theirs


@pytest.mark.parametrize("text", ["", "dataspacetck.dsp.local.connector=true", "# nothing"])
def test_a_kit_that_would_test_itself_is_refused(text: str):
    """Absent counts as true would: 65 passes that say nothing of us."""
    with pytest.raises(real.SetupError, match="test itself"):
        real.check_properties(text)


def jar(path: Path, *names: str) -> None:
    """Write a jar that holds empty files of these names."""
    with zipfile.ZipFile(path, "w") as opened:
        for name in names:
            opened.writestr(name, b"")


def test_a_missing_jar_is_named(tmp_path: Path):
    """No folder, no jars, no test engine, half a jar: each says what to add."""
    with pytest.raises(real.SetupError, match="no jars in"):
        real.check_jars(tmp_path / "absent")
    suite, engine = real.NEEDED
    jar(tmp_path / "dsp-tck.jar", suite)
    with pytest.raises(real.SetupError, match="junit-jupiter-engine"):
        real.check_jars(tmp_path)
    jar(tmp_path / "engine.jar", engine)
    real.check_jars(tmp_path)
    (tmp_path / "broken.jar").write_bytes(b"half")
    with pytest.raises(real.SetupError, match="is no jar"):
        real.check_jars(tmp_path)


def test_a_taken_port_is_named():
    """To the kit it would be 59 failures without a word on why."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(real.SetupError, match=f"port {port} is taken"):
            real.check_ports(port)
    real.check_ports(port)


def test_without_java_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """And does not look for anything else first."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(real.SetupError, match="Java 17"):
        real.find_java()


@pytest.mark.long
@pytest.mark.parametrize(("output", "code"), [(GOOD, 0), (ONE_LOST, 1), ("", 1)])
def test_the_kit_runs_in_a_bare_environment_and_its_last_words_count(
    output: str,
    code: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
):
    """A command that prints what the kit prints, looks at its environment, and ends with 0."""
    lib = tmp_path / "lib"
    lib.mkdir()
    jar(lib / "kit.jar", *real.NEEDED)
    (tmp_path / "said.txt").write_text(output)
    seen = tmp_path / "seen.txt"
    java = tmp_path / "java"
    java.write_text(f'#!/bin/sh\nexport > {seen}\necho "$@" >> {seen}\ncat {tmp_path}/said.txt\n')
    java.chmod(0o755)
    monkeypatch.setattr(real, "find_java", lambda: str(java))
    monkeypatch.setattr(real, "check_ports", lambda *_: None)
    monkeypatch.setattr(real, "PORT", 0)  # a free one: the kit's own may be in use here
    monkeypatch.setenv("DATASPACETCK_DSP_LOCAL_CONNECTOR", "true")
    assert real.main(lib) == code
    assert "DATASPACETCK" not in seen.read_text()
    assert re.search(rf"-cp {lib}/\* {re.escape(real.SUITE)} -config /\S+\n", seen.read_text())
    assert capfd.readouterr().out.endswith(real.judge(output).line() + "\n")


def test_what_is_missing_is_said_before_anything_starts(tmp_path: Path):
    """An exit code of its own, one line."""
    done = run("--kit", str(tmp_path))
    assert done.returncode == real.BAD_SETUP
    assert done.stdout.startswith("tck (real kit): ")
    assert done.stdout.count("\n") == 1
    config = tmp_path / "self.properties"
    config.write_text("dataspacetck.dsp.local.connector=true\n")
    done = run("--kit", str(tmp_path), "--config", str(config))
    assert done.returncode == real.BAD_SETUP
    assert "test itself" in done.stdout


@pytest.mark.long
def test_one_case_against_a_connector_that_runs_already(tmp_path: Path):
    """`--url` and `--only`; a line per case with seconds, then the totals."""
    with Connector(tmp_path / "home", reaction_ms=200) as connector:
        done = run("--url", connector.url, "--only", "CN:01-02,MET")
    lines = done.stdout.splitlines()
    assert done.returncode == 0, done.stdout
    assert sorted(line.split()[0] for line in lines[-3:-1]) == ["CN:01-02", "MET:01-01"]
    assert all(re.search(r"\d+\.\d\d s  passed", line) for line in lines[-3:-1])
    assert lines[-1] == "tck: 2 passed, 0 failed"


@pytest.mark.long
def test_json_and_the_exit_code_of_a_failure():
    """Nobody listens there: the case fails, so does the command."""
    done = run("--url", "http://localhost:9", "--only", "MET", "--json", "--wait", "1", fresh=True)
    told = json.loads(done.stdout)
    assert done.returncode == 1
    assert (told["passed"], told["failed"]) == (0, 1)
    assert told["cases"][0]["case"] == "MET:01-01"
    assert "ConnectionRefused" in told["cases"][0]["why"]


def test_a_case_that_does_not_exist():
    """Says how cases are called."""
    done = run("--only", "XX:01")
    assert done.returncode == 2
    assert "CN:01-02" in done.stdout


@pytest.mark.long
def test_the_home_that_the_documentation_makes(space: Space):
    """`voile init … --loopback-http`, one more line in its last table, then served under the profile."""
    acme = space.party("acme")
    with (acme.home / "voile.toml").open("a", encoding="utf-8") as file:
        file.write("profiles = true\n")
    with Connector(acme.home, port=acme.port, fresh=True) as served:
        done = run("--url", acme.url, "--only", "CN:01-04,TP_C:02-05", "--wait", "10")
    assert done.stdout.endswith("tck: 2 passed, 0 failed\n"), done.stdout
    assert "test-profile" in served.log


@pytest.mark.long
def test_an_ordinary_home_refuses_the_profile(space: Space):
    """On a home without the test settings the profile does not start, nor does `voile` know it."""
    acme = space.party("acme")
    unknown = acme.voile("serve", "--profile", "tck")
    assert unknown.returncode != 0
    assert "unknown profile `tck`" in unknown.stderr
    done = subprocess.run(
        [sys.executable, "-m", "tests.tck.voile", "--home", str(acme.home)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert done.returncode != 0
    assert "profile `tck` is refused" in done.stderr
    assert "profiles = true" in done.stderr
