"""What others send has one strict reader, `crypto.records`: nobody else walks over unknown names."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import pytest

from tests.sources import by_kind, nodes
from tests.test_house import FILES, ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable

# who still compares the names of an object with those that it knows, and why it does
OWN = {
    "catalog/odcs_draft.py": "whether a column has the codes true and false",
    "catalog/offer_sentence.py": "which modes an offer grants, to say them; refuses nothing",
    "catalog/product_rules.py": "names of measures in an equation",
    "connector/areas/audit/verify.py": "it is taken out and runs alone: it has no neighbours",
    "connector/areas/questions/messages.py": "what is sent with every question: read by hand, fast",
    "connector/client/dialect.py": "options of a URL, which SQLAlchemy has read",
    "connector/faces/cli/contract_lines.py": "chooses how a clause is printed; refuses nothing",
    "contracts/audit/agreements.py": "names of files in a folder",
    "contracts/cohort/statements.py": "signs in a text",
    "contracts/evidence.py": "a leaf: each of thousands is read by hand, and checked when written",
    "contracts/messages/paging.py": "a filter of DSP: which of two kinds it is",
    "contracts/recovery.py": "beside a message of DSP, which `contracts.messages` reads",
    "contracts/signatures.py": "names of stages",
    "crypto/paillier/frame.py": "the bench's other form of a batch, beside its frame",
    "policies/odrl_parser.py": "ODRL: JSON-LD has several forms of one thing",
}


def _names_of_object(node: ast.AST) -> bool:
    """Whether this gives the names of an object: `set(x)`, `x.keys()`."""
    if not isinstance(node, ast.Call):
        return False
    if isinstance(node.func, ast.Attribute) and node.func.attr == "keys" and not node.args:
        return True
    called = node.func.id if isinstance(node.func, ast.Name) else ""
    return (
        called == "set"
        and len(node.args) == 1
        and isinstance(node.args[0], ast.Name | ast.Subscript | ast.Attribute)
    )


def _known(node: ast.AST) -> bool:
    """Whether this is a set of names that a reader knows: written out, or a constant."""
    if isinstance(node, ast.Set):
        return all(isinstance(one, ast.Constant | ast.Starred) for one in node.elts)
    if isinstance(node, ast.Name):
        return node.id.isupper()
    if isinstance(node, ast.BinOp):
        return _known(node.left) or _known(node.right)
    called = isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    return called and node.func.id in {"set", "frozenset"} and any(map(_known, node.args))


def walks(expressions: Iterable[ast.AST]) -> list[int]:
    """Give the lines in which the names of an object are laid over the known ones."""
    found = []
    for node in expressions:
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub | ast.BitXor):
            pairs = [(node.left, node.right), (node.right, node.left)]
        elif isinstance(node, ast.Compare):
            pairs = [(node.left, one) for one in node.comparators]
            pairs += [(one, node.left) for one in node.comparators]
        else:
            continue
        if any(_names_of_object(one) and _known(other) for one, other in pairs):
            found.append(node.lineno)
    return found


def test_no_second_reader_walks_over_unknown_names():
    """Who has a reason stands in the list, and nobody stands there without need."""
    lines = {
        str(path.relative_to(ROOT)): walks(nodes(path, ast.BinOp, ast.Compare)) for path in FILES
    }
    found = {here: at for here, at in lines.items() if at}
    assert found.keys() == OWN.keys(), f"{found}: read it as a record (crypto/records.py)"


def test_only_the_product_file_has_a_reader_of_its_own():
    """TOML that an owner writes by hand has other errors: which key was meant, and where it is."""
    named = {
        str(path.relative_to(ROOT))
        for path in FILES
        for node in nodes(path, ast.ClassDef)
        if node.name == "Fields"
    }
    packed = "crypto/paillier/layout.py"  # the fields of a packed number
    assert named - {packed} == {"catalog/toml_fields.py"}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("if set(value) != {'a', 'b'}: raise X", True),
        ("extra = sorted(set(body) - _FIELDS)", True),
        ("if not value.keys() <= KNOWN: raise X", True),
        ("wrong = set(value) ^ set(KNOWN)", True),
        ("if {'a'} != set(item): raise X", True),
        ("if set(item) - {'ended'} != {'did', 'keys'}: raise X", True),
        ("if set(signed) != set(session.roster): raise X", False),
        ("left = sorted(set(roster) - set(parts))", False),
        ("found = read(Record, value)", False),
    ],
)
def test_the_look_can_fail(source: str, found: bool):
    """It sees the kind in each of its forms, and not two lists of parties that are compared."""
    kinds = by_kind(ast.parse(source))
    assert bool(walks([*kinds.get(ast.BinOp, ()), *kinds.get(ast.Compare, ())])) is found
