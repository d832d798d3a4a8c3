"""The process that a workbook is read in: started, asked, listened to, and ended with the reading.

A workbook comes from elsewhere, and what reads it makes room for what the file says: a small one
can ask for more memory than there is, which ends a process. So it is another process than ours.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from connector.engines import problems_workbooks as problems
from connector.engines.errors import DataError
from connector.engines.packing import MOST_TIMES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MOST_MEMORY: Final = 2 << 30  # bytes
MOST_SECONDS: Final = 1800  # of computing
MOST_BYTES: Final = 2 << 30  # of all parts together, unpacked; and of all that is told
_MOST_LINE: Final = 64 << 20
_ROOT: Final = str(Path(__file__).resolve().parents[2])
_PROGRAM: Final = (
    "import sys; sys.path.insert(0, sys.argv[1]); sys.path.append(sys.argv[2]); "
    "from connector.engines.workbook_child import main; main()"
)
_KEPT: Final = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT", "TZ")
_REFUSALS: Final = {
    "DAMAGED": problems.DAMAGED,
    "ENDED": problems.ENDED,
    "NO_SHEET": problems.NO_SHEET,
    "TOO_LARGE": problems.TOO_LARGE,
    "WHICH_SHEET": problems.WHICH_SHEET,
    "TOO_LARGE_A_PART": problems.TOO_LARGE_A_PART,
    "TOO_WIDE": problems.TOO_WIDE,
}


@contextmanager
def reading(path: Path, question: Mapping[str, object]) -> Iterator[Iterator[list[Any]]]:
    """Reads a workbook in another process, as `workbook_child` says.

    Args:
        path: The workbook.
        question: What is read of it, and its bounds.

    Returns:
        What is told of it, message by message.

    Raises:
        DataError: What reads workbooks is not installed. Or, while the messages are read: the
            workbook is refused, or the process has ended.
    """
    asked = {
        "path": str(path.resolve()),
        "parent": os.getpid(),
        "memory": MOST_MEMORY,
        "seconds": MOST_SECONDS,
        "most": MOST_BYTES,
        "times": MOST_TIMES,
        **question,
    }
    found = importlib.util.find_spec("python_calamine")
    if found is None or found.origin is None:
        raise DataError(problems.NOT_INSTALLED, field="data")
    beside = str(Path(found.origin).parents[1])
    started = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-I", "-c", _PROGRAM, _ROOT, beside],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={key: os.environ[key] for key in _KEPT if key in os.environ},
    )
    try:
        yield _messages(started, path, asked)
    finally:
        started.kill()  # it has nothing to finish
        for end in (started.stdin, started.stdout):
            if end is not None:
                end.close()
        started.wait()


def _messages(
    started: subprocess.Popen[bytes], path: Path, asked: dict[str, Any]
) -> Iterator[list[Any]]:
    assert started.stdin is not None
    assert started.stdout is not None
    try:
        started.stdin.write(json.dumps(asked).encode() + b"\n")
        started.stdin.flush()
    except BrokenPipeError as error:
        raise _refusal("ENDED", path) from error
    told = 0
    while line := started.stdout.readline(_MOST_LINE):
        told += len(line)
        if told > MOST_BYTES or len(line) >= _MOST_LINE:
            raise _refusal("TOO_LARGE", path)
        if not line.endswith(b"\n"):  # it ended in the middle of a word
            break
        message: list[Any] = json.loads(line)
        if message[0] == "refused":
            raise _refusal(message[1], path, **message[2])
        yield message
        if message[0] == "end":
            return
    raise _refusal("ENDED", path)


def _refusal(what: str, path: Path, **facts: object) -> DataError:
    known: dict[str, dict[str, object]] = {
        "ENDED": {"most": MOST_MEMORY >> 30, "minutes": MOST_SECONDS // 60},
        "TOO_LARGE": {"most": MOST_BYTES >> 30, "times": MOST_TIMES},
        "TOO_WIDE": {"most": "40,000,000"},
    }
    given: dict[str, Any] = {"name": path.name, **known.get(what, {}), **facts}
    return DataError(_REFUSALS[what], field="data", **given)
