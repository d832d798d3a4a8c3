"""Shapes of the parts that messages share: policies, data addresses, datasets.

Spec: DSP 2025-1 contract-schema, data-address-schema, dataset-schema, catalog-schema.
What the rules of a policy *mean* is read by `policies.odrl`; here only their shape is.
"""

from __future__ import annotations

import re
from typing import Any, Final

from contracts.messages import problems
from contracts.messages.shapes import (
    Shape,
    anything,
    array,
    either,
    identifier,
    malformed,
    name,
    one_of,
    optional,
    required,
    text,
)
from contracts.messages.shapes import matching as _matching
from crypto.strict_json import kind_of

OPERATORS: Final = (
    *("eq", "neq", "gt", "gteq", "lt", "lteq", "term-lteq"),
    *("hasPart", "isA", "isAllOf", "isAnyOf", "isNoneOf", "isPartOf"),
)
LOGICAL: Final = ("and", "andSequence", "or", "xone")

XSD_DATE_TIME: Final = re.compile(
    r"-?([1-9][0-9]{3,}|0[0-9]{3})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
    r"T(([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]+)?|(24:00:00(\.0+)?))"
    r"(Z|(\+|-)((0[0-9]|1[0-3]):[0-5][0-9]|14:00))?"
)

# --- constraints and rules ------------------------------------------------------------------

_RIGHT_OPERAND = either(
    (str, text), (dict, anything), (list, anything), expected=problems.STRING_OBJECT_ARRAY
)
_ATOMIC = Shape(
    (
        required("leftOperand", name),
        required("operator", one_of(*OPERATORS)),
        required("rightOperand", _RIGHT_OPERAND),
    ),
    compact_only=False,
)


def constraint(value: Any, at: str) -> None:
    """Either a comparison with its three keys, or exactly one of and, andSequence, or, xone."""
    if not isinstance(value, dict):
        raise malformed(at, problems.A_CONSTRAINT, kind_of(value))
    atomic = "leftOperand" in value or "operator" in value or "rightOperand" in value
    if atomic and any(word in value for word in LOGICAL):
        raise malformed(at, problems.ONE_CONSTRAINT, problems.BOTH)
    (_ATOMIC if atomic else _LOGICAL)(value, at)


_LOGICAL = Shape(
    tuple(optional(word, array(constraint)) for word in LOGICAL),
    exactly_one=LOGICAL,
    compact_only=False,
)
RULE: Final = Shape(
    (required("action", name), optional("constraint", array(constraint))),
    forbidden=("target",),
    compact_only=False,
)

# --- policies -------------------------------------------------------------------------------

_PROFILE = either((str, name), (list, array(name)), expected=problems.STRING_OR_STRINGS)
_RULES = (
    optional("profile", _PROFILE),
    optional("permission", array(RULE, at_least=1)),
    optional("prohibition", array(RULE, at_least=1)),
    optional("obligation", array(RULE, at_least=1)),
)
_GRANTS = ("permission", "prohibition")

CATALOG_OFFER: Final = Shape(
    (required("@id", name), optional("@type", one_of("Offer")), *_RULES),
    at_least_one=_GRANTS,
    forbidden=("target",),
    compact_only=False,
)
MESSAGE_OFFER: Final = Shape(
    (
        required("@id", name),
        required("@type", one_of("Offer")),
        required("target", name),  # the schema of ContractRequestMessage forgets it
        *_RULES,
    ),
    at_least_one=_GRANTS,
    compact_only=False,
)
AGREEMENT: Final = Shape(
    (
        required("@id", identifier),
        required("@type", one_of("Agreement")),
        required("target", name),
        required("assigner", name),
        required("assignee", name),
        optional("timestamp", _matching(XSD_DATE_TIME, problems.DATE_TIME)),
        *_RULES,
    ),
    at_least_one=_GRANTS,
    compact_only=False,
)

# --- data addresses -------------------------------------------------------------------------

_ENDPOINT_PROPERTY = Shape(
    (
        required("@type", one_of("EndpointProperty")),
        required("name", name),
        required("value", text),
    )
)
DATA_ADDRESS: Final = Shape(
    (
        required("@type", one_of("DataAddress")),
        required("endpointType", name),
        optional("endpoint", name),
        optional("endpointProperties", array(_ENDPOINT_PROPERTY, at_least=1)),
    )
)

# --- catalogues -----------------------------------------------------------------------------


def _dataset(value: Any, at: str) -> None:
    DATASET(value, at)


def _catalog(value: Any, at: str) -> None:
    CATALOG(value, at)


DATA_SERVICE: Final = Shape(
    (
        required("@id", name),
        required("@type", one_of("DataService")),
        required("endpointURL", name),
        optional("servesDataset", array(_dataset, at_least=1)),
    )
)
DISTRIBUTION: Final = Shape(
    (
        required(
            "accessService",
            either((str, name), (dict, DATA_SERVICE), expected=problems.STRING_OR_SERVICE),
        ),
        required("format", name),
        optional("hasPolicy", array(CATALOG_OFFER, at_least=1)),
    )
)
DATASET_KEYS: Final = (
    required("hasPolicy", array(CATALOG_OFFER, at_least=1)),
    required("distribution", array(DISTRIBUTION, at_least=1)),
)
DATASET: Final = Shape(
    (required("@id", name), optional("@type", one_of("Dataset")), *DATASET_KEYS),
)
CATALOG_KEYS: Final = (
    optional("dataset", array(DATASET, at_least=1)),
    optional("service", array(DATA_SERVICE, at_least=1)),
    optional("catalog", array(_catalog, at_least=1)),
    optional("distribution", array(DISTRIBUTION, at_least=1)),
)
CATALOG: Final = Shape(
    (required("@id", name), required("@type", one_of("Catalog")), *CATALOG_KEYS),
    forbidden=("hasPolicy",),
)
