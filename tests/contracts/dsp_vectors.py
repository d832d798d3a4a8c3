"""Where the public DSP vectors are, and how a schema of theirs is asked."""

from __future__ import annotations

import functools
import json
import os
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft201909Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT201909

VECTORS = Path(
    os.environ.get("VOILE_VECTORS", Path(__file__).parents[2].parent / "shared" / "vectors")
)
needs_vectors = pytest.mark.skipif(
    not (VECTORS / "dsp").is_dir(), reason="no DSP vectors beside the project (VOILE_VECTORS)"
)


def read(path: Path) -> Any:
    return json.loads(path.read_text())


def _mend(value: Any) -> Any:
    """Write the `$ref`s that lack "/" after "#" as they are meant (a known defect of three schemas)."""
    if isinstance(value, dict):
        return {
            key: item.replace("#definitions", "#/definitions")
            if key == "$ref" and isinstance(item, str)
            else _mend(item)
            for key, item in value.items()
        }
    return [_mend(item) for item in value] if isinstance(value, list) else value


@functools.cache
def _registry() -> Registry[Any]:
    schemas = (_mend(read(path)) for path in (VECTORS / "dsp").glob("*/*-schema.json"))
    return Registry().with_resources(
        (schema["$id"], Resource(contents=schema, specification=DRAFT201909)) for schema in schemas
    )


def schema_names() -> dict[str, Path]:
    """Message type -> its schema file."""
    return {
        "".join(
            part.capitalize() for part in path.name.removesuffix("-schema.json").split("-")
        ): path
        for path in (VECTORS / "dsp").glob("*/*-schema.json")
    }


def validator(name: str) -> Draft201909Validator:
    """Give what holds a JSON value against the schema of a message type."""
    return Draft201909Validator(_mend(read(schema_names()[name])), registry=_registry())


def validate(value: Any, name: str) -> None:
    """Hold a JSON value against the schema of a message type."""
    validator(name).validate(value)
