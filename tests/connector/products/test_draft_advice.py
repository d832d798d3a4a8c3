"""What a finding asks to do, for whoever has a draft: never a product file, never a command."""

from __future__ import annotations

import re

import pytest

from connector.areas.products import problems as own
from connector.areas.products.draft_advice import advice_of
from connector.engines import (
    problems,
    problems_expressions,
    problems_reading,
    problems_workbooks,
)
from crypto.problem import Problem

MODULES = (own, problems, problems_expressions, problems_reading, problems_workbooks)
KINDS = {
    f"{module.__name__}.{name}": kind
    for module in MODULES
    for name, kind in vars(module).items()
    if isinstance(kind, Problem)
}
ELSEWHERE = re.compile(r"product file|产品文件(?!夹)|voile |`--|\.toml|\[reading\]")


@pytest.mark.parametrize("name", KINDS)
def test_a_finding_asks_for_what_the_wizard_has(name: str) -> None:
    """Of each kind of problem that reading, checking and publishing know."""
    kind = KINDS[name]
    said = advice_of(kind.code, kind.next.zh, kind.next.en)
    for language in ("zh", "en"):
        assert not ELSEWHERE.search(said.said(language)), said.said(language)
    if not ELSEWHERE.search(kind.next.en + kind.next.zh) and '= "' not in kind.next.en:
        assert said.said("zh") == kind.next.zh.replace("{{", "{").replace("}}", "}")
