"""A crash that met data is logged by types and places: what a library says may quote a row."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from connector.party.errands import Errand, Errands
from connector.party.problems_jobs import PUBLISH_CRASHED
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
