"""What README shows works: its shell blocks, run in their order, with real processes."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.processes import environment, free_ports

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("README.md", "README.zh-CN.md")
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SECONDS = 480


def blocks(page: str, language: str = "sh") -> list[str]:
    """The fenced blocks of a page in one language."""
    text = (ROOT / page).read_text(encoding="utf-8")
    return [body for found, body in _FENCE.findall(text) if found == language]


def script() -> str:
    """README's shell blocks in order, with ports that are free here and nothing else changed."""
    text = "\n".join(blocks("README.md"))
    free = free_ports(12)
    for place, shown in enumerate((19400, 19410, 19420)):
        assert f"localhost%3A{shown}" in text
        text = text.replace(str(shown), str(free + 4 * place))
    return "set -euo pipefail\n" + text


def run(text: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a script in its own process group, and end what it leaves behind."""
    program = folder / "readme.sh"
    program.write_text(text, encoding="utf-8")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    with subprocess.Popen(
        ["bash", str(program)],
        cwd=folder,
        env=environment({"PATH": path, "COLUMNS": "100", "LANG": "C.UTF-8"}),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            output, _ = process.communicate(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            output, _ = process.communicate()
            pytest.fail(f"README's commands took over {SECONDS} s:\n{output[-3000:]}")
        finally:
            if process.returncode != 0:  # its servers are in its group
                with_group_ended(process.pid)
    return subprocess.CompletedProcess(process.args, process.returncode, output, "")


def with_group_ended(group: int) -> None:
    """Kill what is left of our own process group."""
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        return


@pytest.mark.long
def test_the_first_ten_minutes_work(tmp_path: Path):
    """Every command of README's first ten minutes ends as README says, on a fresh folder."""
    done = run(script(), tmp_path)
    assert done.returncode == 0, done.stdout[-4000:]
    said = done.stdout
    assert re.search(r"finest cells +8\b", said)
    assert re.search(r"unsafe +2\b", said)
    assert "FINALIZED" in said
    assert "signatures  mutual" in said
    for line in blocks("README.md", "text")[-1].splitlines():
        numbers = re.findall(r"[\d,.]{3,}", line)
        assert all(number in said for number in numbers), line
    assert "released only together with SEA" in said
    assert said.count("refused") >= 2
    assert "labelled" in said or "never available" in said
    made, found = re.search(r"changes +([\d,]+)\n +found +([\d,]+)", said).groups()  # type: ignore[union-attr]
    assert made == found
    assert re.search(r"^OK$", said, re.MULTILINE)


@pytest.mark.long
def test_a_port_that_is_taken_ends_the_wait_and_is_named(tmp_path: Path):
    """README's first step does not wait for a party that has ended; it shows why it did."""
    with socket.socket() as squatter:
        squatter.bind(("127.0.0.1", 0))
        squatter.listen()
        taken = squatter.getsockname()[1]
        first = script().partition("voile apply")[0]
        port = re.findall(r"http://localhost:(\d+)/seller", first)[0]
        first = first.replace(port, str(taken))
        done = run(first.replace("set -euo pipefail", "") + "\nkill $(jobs -p); wait\n", tmp_path)
    assert f"voile: the protocol listener cannot use 127.0.0.1:{taken}: Address" in done.stdout
    assert "one of the three has ended" in done.stdout
    assert "Traceback" not in done.stdout


def test_both_pages_show_the_same_commands():
    """The Chinese page shows the same commands and answers as the English one."""
    english, chinese = (blocks(page) for page in PAGES)
    assert english == chinese
    assert len(english) >= 8
    assert blocks(PAGES[0], "text")[1:] == blocks(PAGES[1], "text")[1:]


def test_a_command_that_fails_fails_the_run(tmp_path: Path):
    """The runner of this test sees a failing command."""
    assert run(
        "set -euo pipefail\ntrue\nvoile publish nowhere.toml --home nowhere\n", tmp_path
    ).returncode


@pytest.mark.parametrize("page", PAGES)
def test_the_page_names_commands_and_files_that_exist(page: str):
    """Every `make` target and every linked file that a page names is there."""
    text = (ROOT / page).read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"make ([a-z-]+)", text))
    assert {"demo", "test", "check", "bench"} <= named <= targets
    for link in re.findall(r"\]\(([^)#]+)\)", text):
        if not link.startswith("http"):
            assert (ROOT / link).exists(), link
