"""The protocol knows no judge: nothing in its rooms speaks of the kit, its seeds, or one product."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.sources import nodes
from tests.tck.profile.identity import HEADER, KIT
from tests.tck.profile.shelf import offer_id
from tests.tck.profile.table import LISTED, SCRIPTS

ROOT = Path(__file__).resolve().parents[3]
ROOMS = ("connector/areas/dsp", "connector/outbox", "contracts", "policies")
FILES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
KIT_WORDS = re.compile(r"tck|test.?kit|CD123|A(?:CN|TP)C?\d{4}|CAT\d{4}", re.IGNORECASE)
PRODUCT = re.compile(r"(?<![a-z])(?:edc|eclipse|iam.?mock)(?![a-z])", re.IGNORECASE)


def spoken_of_kit(text: str) -> list[str]:
    """What a text says of the kit, comments included."""
    return KIT_WORDS.findall(text)


def code_of_product(text: str) -> list[str]:
    """Names and strings of the code, not its explanations, that mean one product."""
    tree = ast.parse(text)
    explained = {
        id(first.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        for first in node.body[:1]
        if isinstance(first, ast.Expr)
    }
    words = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            words += [] if id(node) in explained else [node.value]
        for name in ("id", "attr", "name", "arg", "module"):
            value = getattr(node, name, None)
            words += [value] if isinstance(value, str) else []
    return [word for word in words if PRODUCT.search(word)]


@pytest.mark.sweep
@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_file_of_the_protocol_knows_the_kit_or_a_product(path: Path):
    """Neither a seed id nor `TCK`, and no branch for a product; how it differs may be explained."""
    text = path.read_text(encoding="utf-8")
    assert spoken_of_kit(text) == []
    assert code_of_product(text) == []


def test_the_search_finds_every_seed_and_every_name_of_the_kit():
    """The rule above finds what it looks for."""
    names = [*SCRIPTS, *LISTED, offer_id("X"), HEADER, KIT.id]
    assert len(SCRIPTS) == 61
    assert all(spoken_of_kit(f"x = {name!r}") for name in names)
    assert not spoken_of_kit("catalog = 'A' + transfer(CATALOGUE)")
    assert code_of_product('"""As EDC does."""\nif peer == "edc-provider": is_edc = 1\n') == [
        "edc-provider",
        "is_edc",
    ]


@pytest.mark.long
def test_only_whoever_is_told_to_loads_a_profile():
    """Nothing of one is imported by what production runs, the server included."""
    importers = set()
    for path in (ROOT / "connector").rglob("*.py"):
        if "profiles" in path.parts:
            continue
        for node in nodes(path, ast.Import, ast.ImportFrom, ast.Constant):
            named = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                named = [node.module or ""]
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                named = [node.value]
            if any(name.startswith("connector.compose.profiles") for name in named):
                importers.add(str(path.relative_to(ROOT)))
    # the server names their type; the command line loads one when it is asked to
    assert importers == {"connector/compose/server.py", "connector/faces/cli/process.py"}
    seen = "import sys, connector.compose.server as s; print([m for m in sys.modules if 'profiles' in m])"
    done = subprocess.run([sys.executable, "-c", seen], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
