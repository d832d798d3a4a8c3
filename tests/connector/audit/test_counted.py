"""What comparing bundles counts is said in words, at the terminal and in the demo."""

import re
from pathlib import Path

from connector.demo.steps import audit
from connector.faces.cli.words import COUNTED

ROOM = Path(__file__).parents[3] / "connector" / "areas" / "audit"


def test_what_is_worked_out_again_has_words() -> None:
    """Cohort tables and their renewals; a bare name is nobody's language."""
    source = "".join(path.read_text("utf-8") for path in sorted(ROOM.glob("cohort_*.py")))
    names = set(re.findall(r'counts=\{"(\w+)"', source))
    assert {"tablesMadeAgain", "renewalsWorkedOut"} <= names
    assert names <= set(COUNTED)
    assert names <= set(audit._COUNTED)
