"""What the commands of the space print: even columns and one language, in Chinese and English."""

from __future__ import annotations

import re

import pytest
from rich.cells import cell_len

from connector.faces.cli.membership import _print_hits, _print_membership
from connector.faces.cli.tongue import speaking
from connector.faces.cli.words import figure, padded, roles

CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture
def firm(space):
    """A certified firm with something in the catalogue."""
    return space.firm("acme")


@pytest.mark.parametrize("tongue", ["zh", "en"])
def test_the_sheet_of_a_membership_is_even(firm, tongue, capsys):
    """Each value begins in the same column of the terminal, where a character may take two."""
    status, found = firm.manage("GET", "/v1/membership")
    assert status == 200
    with speaking(tongue):
        _print_membership(found)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) >= 7
    for line in lines:
        head, value = re.match(r"(\S+(?: \S+)*?) {2,}(\S.*)|(\S+(?: \S+)*) (\S.*)", line).groups()[
            :2
        ]
        assert head is not None, line
        assert cell_len(line) - cell_len(value) == 13, line
        assert bool(CHINESE.search(head)) == (tongue == "zh")


def test_a_firm_that_has_no_document_yet_has_none_that_expired(space, capsys):
    """Before the first status document came, nothing has run out."""
    fresh = space.firm("bolt", certify=False)
    _, found = fresh.manage("GET", "/v1/membership")
    for tongue, words in (("en", "none yet"), ("zh", "尚未收到")):
        with speaking(tongue):
            _print_membership(found)
        said = capsys.readouterr().out
        assert words in said
        assert "#0" not in said


@pytest.mark.parametrize("tongue", ["zh", "en"])
def test_facets_are_in_the_words_of_the_hits(tongue, capsys):
    """A domain, a mode and a level are said alike above and below; in Chinese no code is left."""
    facets = {
        "provider": [{"value": "did:web:a.example", "count": 1, "name": {"en": "A", "zh": "甲"}}],
        "domain": [{"value": "maintenance", "count": 1}],
        "level": [{"value": 1, "count": 1}],
        "mode": [{"value": "masked", "count": 1}],
    }
    hit = {
        "title": {"en": "T", "zh": "题"}, "dataset": "d", "providerName": {"en": "A", "zh": "甲"},
        "provider": "did:web:a.example", "domain": "maintenance", "level": 1, "modes": ["masked"],
    }  # fmt: skip
    found = {"total": 1, "page": 1, "pages": 1, "hits": [hit], "dropped": [], "facets": facets}
    with speaking(tongue):
        _print_hits(found)
    said = capsys.readouterr().out
    if tongue == "zh":
        assert "数据域：运维 (1)" in said
        assert "查询模式：屏蔽统计 (1)" in said
        assert "maintenance" not in said
        assert "masked" not in said
    else:
        assert "levels: level 1 (1)" in said


def test_small_words():
    """Roles, figures, and a padding that counts places of the terminal."""
    assert roles(["provider", "consumer"], "zh") == "提供方、使用方"
    assert roles(["provider", "consumer"], "en") == "provider, consumer"
    assert (figure(12345), figure("x"), figure(value=True)) == ("12,345", "x", "True")
    assert padded("空间", 6) == "空间  "
