"""A product file made of a data contract by the Open Data Contract Standard (ODCS).

The contract is held against the standard's own JSON schema, as the package of its makers carries
it, before anything is read of it.
"""

from __future__ import annotations

import json
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from catalog.odcs import VERSIONS, read_contract
from catalog.odcs_draft import Imported, draft_contract
from connector.areas.products import problems_contracts as problems
from connector.areas.products.contract_yaml import read_yaml
from connector.process.errors import BadRequest

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from crypto.words import Language

_SCHEMA_OF = "open_data_contract_standard"


def imported(path: Path, wanted: str, *, language: Language, today: date) -> Imported:
    """Drafts the product file of one object of a contract.

    Args:
        path: The contract, in YAML or JSON.
        wanted: The object's name; may be empty if there is one only.
        language: Of the comments.
        today: From which the time of an offer counts.

    Raises:
        BadRequest: If the file is no contract of a version that is known here.
        ProductError: If there is no such object.
    """
    try:
        import yaml  # noqa: F401 - the extra `odcs`
        from jsonschema import Draft201909Validator
        from jsonschema.exceptions import best_match

        schema = json.loads((files(_SCHEMA_OF) / "schema.json").read_text(encoding="utf-8"))
    except ImportError as error:
        raise BadRequest(problems.NOT_INSTALLED) from error
    contract = read_yaml(path)
    given = contract.get("apiVersion") if isinstance(contract, dict) else None
    if given not in VERSIONS:
        shown = str(given)[:40] if given is not None else "—"
        raise BadRequest(problems.OTHER_VERSION, known=list(VERSIONS), given=shown)
    found: Any = best_match(Draft201909Validator(_as_meant(schema)).iter_errors(contract))
    if found is not None:
        at = "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in found.absolute_path)
        why = f"`{str(found.message)[:160]}`"
        raise BadRequest(problems.NOT_BY_SCHEMA, at=at.lstrip(".") or "$", why=why)
    return draft_contract(read_contract(contract, wanted), language, today)


def _as_meant(schema: Any, *, condition: bool = False) -> Any:
    """Returns the schema with conditions that hold of what they name only.

    The edition 3.2.0 says "if the logical type is a map" in a way that a property without a logical
    type obeys, too: every contract that leaves it out, as it may, would lack the parts of a map.
    """
    if isinstance(schema, list):
        return [_as_meant(each, condition=condition) for each in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: _as_meant(v, condition=condition or key == "if") for key, v in schema.items()}
    if condition and "logicalType" in made.get("properties", {}):
        made.setdefault("required", ["logicalType"])
    return made
