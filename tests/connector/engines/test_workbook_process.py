"""The process that a workbook is read in: however it ends, nothing half-read is taken."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from connector.engines import packing, workbook_process
from connector.engines.workbook import copy_sheet
from tests.connector.engines.test_reading import product
from tests.connector.engines.test_workbooks import GOOD, HEADER, SHEET, refused
from tests.connector.engines.workbooks import write_workbook
from tests.waiting import until


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return write_workbook(tmp_path / "a.xlsx", {"Daten 1": [HEADER, *GOOD]})


def asked(path: Path) -> dict[str, object]:
    columns = [{"source": name, "text": False, "percent": False} for name in HEADER]
    return {"sheet": "Daten 1", "head": 1, "columns": columns, "free": packing.FREE}


def test_what_is_told_is_the_whole_or_an_error(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However the other process ends, by a signal or by its bound of time, no row is published."""
    with workbook_process.reading(book, asked(book)) as messages:
        assert [message[0] for message in messages] == ["header", "faults", *["row"] * 3, "end"]
    real, started = subprocess.Popen, []

    def seen(*given: Any, **more: Any) -> subprocess.Popen[bytes]:
        started.append(real(*given, **more))
        return started[-1]

    monkeypatch.setattr(subprocess, "Popen", seen)
    with workbook_process.reading(book, asked(book)) as messages:
        next(messages)
        assert started[0].poll() is None or started[0].returncode == 0
    assert started[0].returncode is not None  # whoever stops listening ends it
    monkeypatch.setattr(workbook_process, "_PROGRAM", "import os; os.abort()")
    assert "and was ended" in refused(book, product(SHEET)).message
    assert started[-1].returncode == -signal.SIGABRT
    monkeypatch.undo()
    monkeypatch.setattr(workbook_process, "MOST_SECONDS", 0)
    assert "and was ended" in refused(book, product(SHEET)).message
    monkeypatch.setattr(workbook_process, "MOST_SECONDS", 1800)
    monkeypatch.setattr(workbook_process, "MOST_BYTES", 20_000)
    assert copy_sheet(book, product(SHEET), book.parent / "copy.csv").rows
    monkeypatch.setattr(workbook_process, "MOST_BYTES", 300)
    assert refused(book, product(SHEET)).code == "data.workbook"


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="ends with its parent on Linux only")
def test_the_other_process_ends_with_us(tmp_path: Path) -> None:
    """Killed while it reads, the connector leaves nobody behind."""
    rows = [[f"c{i}", 1, 1.5, None, None, None, None] for i in range(60_000)]
    path = write_workbook(tmp_path / "a.xlsx", {"Daten 1": [HEADER, *rows]})
    program = (
        "import sys, time, json; from pathlib import Path; import subprocess as s\n"
        "from connector.engines.workbook_process import reading\n"
        "real = s.Popen\n"
        "def seen(*a, **k):\n    p = real(*a, **k); print(p.pid, flush=True); return p\n"
        "s.Popen = seen\n"
        "with reading(Path(sys.argv[1]), json.loads(sys.argv[2])) as messages:\n"
        "    next(messages); print('read', flush=True); time.sleep(60)\n"
    )
    command = [sys.executable, "-c", program, str(path), json.dumps(asked(path))]
    parent = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    assert parent.stdout.readline() == "read\n"
    assert alive(child)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    until(lambda: not alive(child))


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state not in "ZX"
