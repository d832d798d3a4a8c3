"""What readers of the core and the engines find wrong is said in Chinese, places filled and all."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import pytest

from catalog.product_file import read_product
from connector.engines.duckdb.grouping import group_file
from connector.engines.progress import quiet
from contracts.messages.codec import parse
from contracts.messages.types import ContractRequestMessage
from crypto.did_web import read_did
from crypto.errors import VoileError
from crypto.records import Range, read
from crypto.strict_json import loads
from crypto.url import read_url
from policies.odrl import parse_policy
from policies.sql_text import tokens
from tests.catalog.product_texts import DELIVERIES, changed
from tests.connector.engines.files import line, write_csv

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HAN = re.compile(r"[\u4e00-\u9fff]")
QUOTED = re.compile(r"`[^`]*`")
ENGLISH = re.compile(r"\b(expected|got|the|is not|of|to|or|and|nothing|correct|in)\b")


@dataclass(frozen=True, slots=True)
class Record:
    """One of each."""

    count: Annotated[int, Range(1, 9)]
    flag: bool | None = None


def _message() -> None:
    body = {"@context": [], "@type": "ContractRequestMessage"}
    parse(json.dumps(body).encode(), ContractRequestMessage)


WRONG: dict[str, Callable[[], object]] = {
    "a record": lambda: read(Record, {"count": 10}),
    "a field too many": lambda: read(Record, {"count": 1, "more": []}),
    "a choice": lambda: read(Record, {"count": 1, "flag": 2}),
    "JSON": lambda: loads(b'{"a": 1, "a": 2}'),
    "a URL": lambda: read_url("ftp://host.example/"),
    "a DID": lambda: read_did("did:web:Host.example"),
    "a message": _message,
    "a policy": lambda: parse_policy({"@type": "Offer"}, kind="Offer"),
    "a question": lambda: tokens("SELECT 'a"),
    "a level": lambda: read_product(changed("level = 1", "level = 4")),
    "a column": lambda: read_product(changed('type = "date"', 'type = "day"')),
    "a key": lambda: read_product(changed("level = 1", "level = 1\nzeroes = 1")),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_reader_speaks_chinese(what: str) -> None:
    """Words and what fills them are Chinese; what is quoted stays as it is, English speaks alone."""
    with pytest.raises(VoileError) as caught:
        WRONG[what]()
    _check(caught.value)


def test_a_bad_row_is_told_in_chinese(tmp_path: Path) -> None:
    """The place, what was expected and the hint are said in the language, too."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    path = write_csv(tmp_path / "data.csv", [line("a"), line("b", price="ten")])
    with (
        pytest.raises(VoileError) as caught,
        group_file(path, read_product(DELIVERIES), scratch=scratch, progress=quiet),
    ):
        pass
    _check(caught.value)
    assert "第 3 行" in caught.value.said("zh")
    assert "line 3" in caught.value.message


def _check(error: VoileError) -> None:
    for text in (error.said("zh"), error.following("zh")):
        assert HAN.search(text)
        assert not ENGLISH.search(QUOTED.sub("", text))
    assert not HAN.search(error.message + error.next_step)
