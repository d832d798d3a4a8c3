"""docs/evidence.md names codes that the audit gives, in both languages alike."""

import re
from pathlib import Path

from contracts.audit.report import OUTCOMES

ROOT = Path(__file__).parents[3]
TEXTS = [(ROOT / "docs" / name).read_text("utf-8") for name in ("evidence.md", "evidence.zh-CN.md")]
CODES = re.compile(r"^\| (`[a-z][^|]*) \|", re.MULTILINE)


def told(text: str) -> list[str]:
    """The codes in the first column of its tables; a short form follows the first of its kind."""
    cells = CODES.findall(text)
    codes = [code for cell in cells for code in re.findall(r"`(-?[a-z][a-z-]*)`", cell)]
    return [f"different{code}" if code.startswith("-") else code for code in codes]


def test_both_languages_name_the_same_codes_in_the_same_order():
    """A reader of either learns of the same."""
    assert told(TEXTS[0]) == told(TEXTS[1])
    assert len(told(TEXTS[0])) > 20


def test_every_code_that_is_named_is_given_somewhere():
    """By the rooms that audit."""
    rooms = [
        *(ROOT / "contracts" / "audit").glob("*.py"),
        *(ROOT / "connector/areas/audit").glob("*.py"),
    ]
    source = "".join(path.read_text("utf-8") for path in rooms)
    for code in told(TEXTS[0]):
        given = f'"{code}"' in source or (
            code.startswith("missing-on-") and "missing-on-{" in source
        )
        assert given, code


def test_outcomes_and_exit_codes_are_those_of_the_program():
    """The table of outcomes, in both."""
    for text in TEXTS:
        for code, word in OUTCOMES.items():
            assert re.search(rf"^\| `{word}` \| {code} \|", text, re.MULTILINE), word
