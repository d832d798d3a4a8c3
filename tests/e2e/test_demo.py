"""The demonstration from end to end, small; and that it says so when something does not hold."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from connector.demo.consoles import DESKS
from connector.demo.data import generate
from connector.demo.plaintext import Plain
from connector.faces.cli.client import management
from tests.e2e.console_visit import enter, fetch
from tests.e2e.forty import attack
from tests.e2e.processes import VOILE, environment, voile
from tests.waiting import PATIENCE, until, wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator

LEAST_CUSTOMERS = 5  # k of the product's rules
SCALE = "0.01"
SECONDS = 480
# as from a terminal, though these tests run under `nohup`
HEARS = ("env", "--default-signal=HUP") if sys.platform == "linux" else ()
STEPS = [
    "prepare",
    "certify",
    "publish",
    "search",
    "negotiate",
    "masked",
    "homomorphic",
    "refusals",
    "compare",
    "audit",
    "sights",
    "stop",
]
PARTIES = {"operator", "alder", "birch", "cedar", "maple"}


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """One whole run, shared by the tests that look at what it left."""
    out = tmp_path_factory.mktemp("demo") / "out"
    done = voile(
        "demo", "--scale", SCALE, "--out", str(out), "--lang", "en", timeout=SECONDS, fresh=True
    )
    return out, done


@pytest.fixture(scope="module")
def report(ran: tuple[Path, subprocess.CompletedProcess[str]]) -> dict[str, Any]:
    out, _ = ran
    found: dict[str, Any] = json.loads((out / "report.json").read_text(encoding="utf-8"))
    return found


@pytest.mark.long
def test_everything_holds(ran):
    """The demonstration exits 0, and its last line says that all held."""
    _, done = ran
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert re.fullmatch(
        r"voile demo: all held \(12 steps, \d+ checks, \d+ s\)", done.stdout.splitlines()[-1]
    )
    assert "✗" not in done.stdout
    assert "/invitation/" not in done.stdout, "nobody is invited to what has ended"


@pytest.mark.long
def test_three_attacks_are_said_in_plain_words(ran):
    """Each with who tries what, what came back, and what follows; made of what came back."""
    _, done = ran
    lines = done.stdout.splitlines()
    titles = [number for number, line in enumerate(lines) if re.match(r"[✓✗] \S", line)]
    drills = [lines[number : number + 4] for number in titles if lines[number + 1][:4] == "    "]
    assert len(drills) == 3
    subtraction, behind, wrong = ("\n".join(drill) for drill in drills)
    assert re.search(r"Of [1-9]\d* such subtractions with him in them 0 can be made", subtraction)
    assert "refused 3 of 3 (policy.query-mode, cohort.too-small, cohort.roles)" in behind
    assert wrong.count("not shown (cohort.total.false)") == 2
    assert re.search(r"Added up honestly: [\d,]+\.", wrong)


@pytest.mark.long
def test_the_report_is_whole(ran, report):
    """Ten steps and their frame; each question with its providers and cells; all released equal."""
    assert report["ok"] is True
    assert [step["name"] for step in report["steps"]] == STEPS
    assert all(step["ok"] and step["seconds"] >= 0 for step in report["steps"])
    asked = {question["id"]: question for question in report["questions"]}
    assert {"masked", "homomorphic", "finest"} <= set(asked)
    assert len(asked["homomorphic"]["providers"]) == 3
    assert {cell["key"]["brand"] for cell in asked["homomorphic"]["cells"]} == {
        f"Brand#{a}{b}" for a in range(1, 6) for b in range(1, 6)
    }
    cells = [cell for question in asked.values() for cell in question["cells"]]
    assert all((cell["value"] is None) == (cell["reason"] is not None) for cell in cells)
    assert all(cell["equal"] is (True if cell["value"] is not None else None) for cell in cells)
    reasons = {cell["reason"].split(" ")[0].rstrip(",;:") for cell in cells if cell["reason"]}
    assert reasons & {"merged", "withheld", "blocked"}
    assert sum(question["id"].startswith("attack-") for question in asked.values()) == 10


@pytest.mark.long
def test_the_released_numbers_are_those_of_the_files(ran, report):
    """Recomputed here from the files that the firms hold, the encrypted total is the same."""
    import duckdb

    out, _ = ran
    question = next(q for q in report["questions"] if q["id"] == "homomorphic")
    with duckdb.connect() as base:
        parts = [
            f"SELECT brand, available_quantity FROM '{path}'"
            for path in sorted((out / "data").glob("*/stock-on-hand.*"))
        ]
        assert len(parts) == 3
        sql = f"SELECT brand, sum(available_quantity) FROM ({' UNION ALL '.join(parts)}) GROUP BY 1"
        truth = {brand: str(total) for brand, total in base.execute(sql).fetchall()}
    assert {cell["key"]["brand"]: cell["value"] for cell in question["cells"]} == truth


@pytest.mark.long
def test_the_folder_holds_what_was_promised(ran):
    """Data per firm, a bundle per party, both reports; the bundles verify again by hand."""
    out, _ = ran
    assert {path.name for path in (out / "data").iterdir()} == PARTIES - {"operator", "maple"}
    assert {path.name for path in (out / "bundles").iterdir()} == PARTIES
    assert "Everything that had to hold, held." in (out / "report.html").read_text("utf-8")
    bundle, trust = str(out / "bundles" / "maple"), str(out / "trust.json")
    assert voile("audit", "verify", bundle, "--trust", trust).returncode == 0


@pytest.mark.long
def test_no_process_is_left(ran):
    """When the demonstration has ended, none of its five processes runs."""
    out, _ = ran
    for lock in (out / "parties").glob("*/data/lock"):
        assert lock.read_text() == ""  # emptied by a clean end


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A run with --keep: its folder and what it printed, of which the last command stops it."""
    out = tmp_path_factory.mktemp("kept") / "out"
    asked = ("demo", "--scale", SCALE, "--out", str(out), "--lang", "en", "--keep")
    done = voile(*asked, timeout=SECONDS, fresh=True)
    assert done.returncode == 0, done.stdout[-4000:]
    yield out, done.stdout
    _shell(_commands(done.stdout)[-1])


@pytest.fixture(scope="module")
def kept(left: tuple[Path, str]) -> tuple[Path, list[str]]:
    """The same: its folder and the commands that it printed."""
    out, said = left
    commands = _commands(said)
    assert commands[-1].startswith("kill ")
    return out, commands


def _commands(said: str) -> list[str]:
    return re.findall(r"^  (?!#)(\S.*)$", said.split("still running")[1], re.MULTILINE)


@pytest.mark.long
def test_one_link_per_role_lets_somebody_in_once(left: tuple[Path, str]):
    """Into the page that is to be looked at first; the second time it opens nothing; no file has it."""
    out, said = left
    part = said.split("still running")[0]
    links = re.findall(r"^    (http://localhost:\d+)/invitation/(\S+)$", part, re.MULTILINE)
    firsts = re.findall(r"then, first: (http://localhost:\d+)(/\S+)$", part, re.MULTILINE)
    assert len(links) == len(firsts) == len(DESKS)
    for (origin, token), (same, path) in zip(links, firsts, strict=True):
        assert origin == same
        session = enter(origin, token)
        assert fetch(origin, path, session)[0] == 200, path
        assert fetch(origin, f"/invitation/{token}")[0] == 404
    held = [path for path in out.rglob("*") if path.is_file()]
    found = b"".join(path.read_bytes() for path in held)
    assert [token for _, token in links if token.encode() in found] == []


@pytest.mark.long
def test_forty_questions_isolate_nobody(kept: tuple[Path, list[str]], tmp_path: Path):
    """No combination of all that they release speaks of the lone customer; all of it is exact."""
    out, _ = kept
    buyer = management(out / "parties" / "maple")
    seller = management(out / "parties" / "alder").settings.did
    (agreement,) = [
        row["id"]
        for row in buyer.get("/v1/agreements")["agreements"]
        if (row["dataset"], row["counterparty"]) == ("delivery-records", seller)
        and "200" in json.dumps(buyer.get(f"/v1/agreements/{row['id']}")["body"])
    ]
    plain = Plain(generate(tmp_path, scale=float(SCALE)))
    try:
        come = attack(buyer, agreement, plain)
    finally:
        plain.close()
    assert not come.isolated
    assert come.customers >= LEAST_CUSTOMERS
    assert len(come.totals) > 50
    assert set(come.refused) == {39, 40}, come.refused
    released = [cell for cell in come.cells if cell.value is not None]
    assert len(released) > 50
    assert all(cell.equal for cell in released)


@pytest.mark.long
def test_what_it_suggests_to_try_works(kept: tuple[Path, list[str]]):
    """With --keep the processes go on, every printed command works, and the last one stops them."""
    out, commands = kept
    pids = [int(word) for word in commands[-1].split()[1:]]
    assert len(pids) == len(PARTIES)
    assert all(_alive(pid) for pid in pids)
    again = voile("demo", "--out", str(out))
    assert again.returncode == 2
    assert "in use" in again.stderr
    tried = [_shell(command) for command in commands[:-1]]
    assert len(tried) >= 8
    for command, (code, said) in zip(commands, tried, strict=False):
        expected = 1 if "--explain" in command else 0  # it says what would be refused
        assert code == expected, f"{command}\n{said}"
    _shell(commands[-1])
    until(lambda: not any(_alive(pid) for pid in pids))


@pytest.mark.long
def test_a_supplier_that_dies_is_said(tmp_path: Path):
    """Kill one supplier in the middle: the run ends non-zero, says so, and stops the others."""
    out = tmp_path / "out"
    with subprocess.Popen(
        [*VOILE, "demo", "--scale", SCALE, "--out", str(out), "--lang", "en"],
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as demo:
        pids = _await_pids(out, demo)
        os.kill(pids["cedar"], signal.SIGKILL)
        said, _ = demo.communicate(timeout=SECONDS)
    assert demo.returncode == 1, said
    assert said.splitlines()[-1].startswith("voile demo: NOT all held")
    assert "✗" in said
    report = json.loads((out / "report.json").read_text(encoding="utf-8"))
    assert report["ok"] is False
    assert not any(_alive(pid) for pid in pids.values())


@pytest.mark.long
@pytest.mark.parametrize("how", ["SIGTERM", "SIGHUP", "SIGKILL"])
def test_a_terminated_run_stops_its_processes(tmp_path: Path, how: str):
    """Whatever ends the demonstration ends its five processes too, also with --keep."""
    out = tmp_path / "out"
    with subprocess.Popen(
        [*HEARS, *VOILE, "demo", "--scale", SCALE, "--out", str(out), "--keep"],
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as demo:
        pids = _await_pids(out, demo)
        demo.send_signal(signal.Signals[how])
        assert demo.wait(PATIENCE) != 0
    until(lambda: not any(_alive(pid) for pid in pids.values()))
    for lock in (out / "parties").glob("*/data/lock"):
        assert lock.read_text() == ""  # emptied by a clean end


@pytest.mark.long
def test_a_folder_with_other_things_is_left_alone(tmp_path: Path):
    """A folder that holds something else is refused, and nothing in it is touched."""
    mine = tmp_path / "thesis.txt"
    mine.write_text("years of work")
    done = voile("demo", "--out", str(tmp_path))
    assert done.returncode == 2
    assert "not an earlier demonstration" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]
    assert mine.read_text() == "years of work"


@pytest.mark.parametrize("arguments", [("--scale", "0"), ("--scale", "x"), ("--lang", "fr")])
def test_bad_arguments_are_refused(tmp_path: Path, arguments: tuple[str, ...]):
    """A scale that is none, or a language that is not known, is refused before anything runs."""
    done = voile("demo", *arguments, "--out", str(tmp_path / "out"))
    assert done.returncode == 2
    assert not (tmp_path / "out").exists()


def _shell(command: str) -> tuple[int, str]:
    """Run a printed command as a shell would."""
    done = subprocess.run(
        ["bash", "-c", command],
        env=environment(),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def _await_pids(out: Path, demo: subprocess.Popen[Any]) -> dict[str, int]:
    """Wait until all five processes are ready; give their pids from their own locks."""

    def look() -> dict[str, int] | None:
        assert demo.poll() is None, "it ended before its processes were ready"
        ready = list(out.glob("parties/*/ready.json"))
        if len(ready) == len(PARTIES) and all(b"\n" in path.read_bytes() for path in ready):
            return {
                path.parent.name: int(json.loads((path.parent / "data/lock").read_text())["pid"])
                for path in ready
            }
        return None

    pids = wait_for(look, lambda one: one, SECONDS)
    assert pids is not None
    return pids


def _alive(pid: int) -> bool:
    """Whether a process runs; one that only waits to be collected does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        if sys.platform == "linux":
            return False
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        return True
    return state != "Z"
