"""What a file was found to hold as JSON, to be kept while its product is being made."""

from __future__ import annotations

from dataclasses import asdict, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from catalog.forms import Form
from catalog.surveyed import ColumnSurvey, Survey

if TYPE_CHECKING:
    from collections.abc import Mapping

_NUMBERS = ("low", "high")
_LISTS = ("nothing", "codes", "samples")


def survey_to_json(survey: Survey) -> dict[str, Any]:
    """Returns a survey as JSON."""
    assert survey.source is None, "drafts are of files"
    plain = replace(survey, columns=tuple(replace(c, fault=None) for c in survey.columns))
    told = asdict(plain)
    for column in told["columns"]:
        for key in _NUMBERS:
            column[key] = None if column[key] is None else f"{column[key]:f}"
    return told


def survey_from_json(told: Mapping[str, Any]) -> Survey:
    """Reads back what `survey_to_json` wrote."""
    return Survey(**{**told, "columns": tuple(_column(one) for one in told["columns"])})


def _column(told: Mapping[str, Any]) -> ColumnSurvey:
    numbers = {key: None if told[key] is None else Decimal(told[key]) for key in _NUMBERS}
    lists = {key: tuple(told[key]) for key in _LISTS}
    others = tuple(map(_form, told["others"]))
    return ColumnSurvey(
        **{**told, **numbers, **lists, "form": _form(told["form"]), "others": others}
    )


def _form(told: Mapping[str, Any]) -> Form:
    return Form(**{**told, "true": tuple(told["true"]), "false": tuple(told["false"])})
