"""A crash that met data is logged by types and places: what a library says may quote a row."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

from connector.party.errands import Errand, Errands
from connector.party.problems_jobs import PUBLISH_CRASHED
from connector.process.logs import logger
from tests.areas import OWN, PRODUCTS

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from tests.simulators import Party


def quoting(_errand: Errand) -> dict[str, object]:
    try:
        int("the boss's salary")
    except ValueError as error:
        error.add_note("the boss's name")
        raise RuntimeError("in the row of the boss") from error
    return {}


def test_a_crash_tells_its_place_alone(
    party: Callable[..., Party], capsys: pytest.CaptureFixture[str]
) -> None:
    errands: Errands[Errand] = Errands(
        party("acme", areas=(OWN, PRODUCTS)).node, "publish", 1, PUBLISH_CRASHED
    )
    errands.start()
    errand = Errand()
    assert errands.submit(errand, quoting)
    assert errand.ended.wait(20)
    errands.stop()
    printed = capsys.readouterr()
    (told,) = [x for x in (printed.err + printed.out).splitlines() if "publish-crashed" in x]
    assert "boss" not in told
    line = json.loads(told)
    assert line["level"] == "error"
    assert [one["exc_type"] for one in line["exception"]] == ["RuntimeError", "ValueError"]
    frame = line["exception"][0]["frames"][-1]
    assert frame["name"] == "quoting"
    assert frame["filename"].endswith("test_crash_words.py")
    assert frame["lineno"]
    assert errand.state == "failed"


def test_no_crash_is_logged_with_its_words() -> None:
    """Whoever logs one, in whichever way: a question, an answer, a form and a row may be in them."""
    stream = io.StringIO()
    log = logger(stream=stream)
    try:
        quoting(Errand())
    except RuntimeError as error:
        log.exception("crashed", endpoint="pages.one")
        log.exception("crashed", exc_info=error)
        grouped = ExceptionGroup("of the boss", [error, KeyError("boss")])
        log.exception("crashed", exc_info=grouped)
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert "boss" not in stream.getvalue()
    types = [[one["exc_type"] for one in line["exception"]] for line in lines]
    assert types == [["RuntimeError", "ValueError"]] * 2 + [["ExceptionGroup"]]
    assert all(frame.keys() == {"filename", "lineno", "name"} for frame in frames(lines))
    assert {frame["name"] for frame in frames(lines)} >= {"quoting"}


def frames(lines: list[Any]) -> list[Any]:
    return [frame for line in lines for one in line["exception"] for frame in one["frames"]]
