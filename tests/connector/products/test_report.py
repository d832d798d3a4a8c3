"""The owner's report of a table of the second edition, in JSON, and what of it is public."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from catalog.dcat import TABLE, dataset
from connector.areas.products.conflict import refusal
from connector.areas.products.store import publication
from crypto.disclosure.declaration import Conflict, DeclaredMeasure, Refused
from tests.connector.products.reported import (
    BILLED,
    MODES,
    PAID,
    PRODUCT,
    RULES,
    YEARS,
    Owner,
    Read,
    paid_but_for,
)


def test_a_withheld_measure_is_told_with_form_set_and_lack() -> None:
    """Which form, on which rows, asked for how many, and what would help."""
    report = Owner(BILLED, PAID, dims=(YEARS, MODES)).publish(paid_but_for(2))
    one = report["withheld"]["some"][0]
    assert report["withheld"]["count"] == 1
    assert one["measure"] == "paid"
    assert one["lack"] == {"form": "billed − paid", "rule": "carriers", "needed": 5, "had": 2}
    assert one["set"] == [
        {"dimension": "year", "codes": ["2025"]},
        {"dimension": "mode", "codes": ["RAIL"]},
    ] or one["set"] == [{"dimension": "mode", "codes": ["RAIL"]}]
    assert one["cell"] == [
        {"dimension": "year", "codes": ["2025"]},
        {"dimension": "mode", "codes": ["RAIL"]},
    ]
    assert one["rows"] == 20
    measures = {m["name"]: m for m in report["measures"]}
    assert measures["billed"] == {
        "name": "billed", "cells": 4, "withheld": 0, "rows": 80, "percent": "100.00"
    }  # fmt: skip
    assert measures["paid"] == {
        "name": "paid", "cells": 3, "withheld": 1, "rows": 60, "percent": "75.00"
    }  # fmt: skip
    margins = {tuple(m["dimensions"]): m for m in report["margins"]}
    assert margins["year", "mode"]["measures"] == {"billed": 4, "paid": 3}
    assert margins[()] == {
        "dimensions": [], "groups": 1, "released": 1, "rows": 80,
        "measures": {"billed": 1, "paid": 0},
    }  # fmt: skip
    first = report["advice"][0]
    assert first == {"kind": "measure", "measure": "billed", "cells": 1, "of": 1}


def test_nothing_is_advised_where_all_is_released() -> None:
    """No words where there is nothing to say."""
    report = Owner(BILLED, dims=(YEARS, MODES)).publish(
        [[who, cell, [v]] for who, cell, (v, _) in paid_but_for(0)]
    )
    assert "advice" not in report
    assert report["withheld"] == {"count": 0, "forms": {}, "some": []}
    assert report["leftOver"] == []
    assert report["heldFor"] == []


def test_what_was_counted_while_reading_is_told_as_before() -> None:
    """Clamped, rounded and empty values, ids written in several ways; the rows of the file."""
    report = Owner(BILLED, PAID, dims=(YEARS, MODES)).publish(paid_but_for(0), Read(rows=80))
    assert report["rows"] == 80
    assert report["clamped"] == {"billed": 2}
    assert report["emptyAsZero"] == {"paid": 1}
    assert report["contributorIds"]["together"] == {"count": 0, "some": []}
    assert report["cells"] == {
        "finest": 4, "unsafe": 0, "merged": 0, "safe": 4, "blocked": 0, "pending": 0
    }  # fmt: skip
    assert report["rowsAtFinest"] == {"rows": 80, "percent": "100.00"}


def test_merged_and_blocked_cells_name_codes_that_are_too_small() -> None:
    """SHIP has one customer: it is merged with a neighbour, and a coarser list may help."""
    rows = [[f"C{i}", (0, mode), []] for i in range(9) for mode in (0, 1)]
    report = Owner(dims=(YEARS, MODES)).publish([*rows, ["C1", (0, 3), []]])
    assert report["cells"]["merged"] == 2
    assert report["brokenRules"]["minimum_contributors"] == 1
    (advised,) = report["advice"]
    assert (advised["kind"], advised["dimension"]) == ("codes", "mode")
    assert "SHIP" in advised["some"]
    assert (advised["cells"], advised["count"], advised["of"]) == (2, 2, 4)


def test_measures_without_units_are_advised_to_have_some() -> None:
    """Two measures of other columns are compared only since neither has a unit."""
    bare = [
        DeclaredMeasure(name=name, lower=0, upper=500, columns=(name,))
        for name in ("billed", "paid")
    ]
    report = Owner(*bare, dims=(YEARS, MODES)).publish(paid_but_for(2))
    (units,) = [one for one in report["advice"] if one["kind"] == "units"]
    assert units["measures"] == ["billed", "paid"]
    assert units["cells"] == report["withheld"]["forms"]["billed − paid"]


def test_exclusive_indicators_are_advised_to_be_a_dimension() -> None:
    """Rows − open − shipped has one carrier, wherever it is merged."""
    states = [DeclaredMeasure(name=name, lower=0, upper=1) for name in ("open", "shipped")]
    rows = [[f"C{i:02}", (0, i % 2), [i // 2 % 2, 1 - i // 2 % 2]] for i in range(40)]
    rows[5][2] = [0, 0]
    report = Owner(*states, dims=(YEARS, MODES)).publish(rows)
    kinds = {one["kind"]: one for one in report["advice"]}
    assert kinds["dimension"]["measures"] == ["open", "shipped"]
    assert report["leftOver"][0]["measure"] == "shipped"
    assert {lack["had"] for lack in report["leftOver"][0]["lacks"]} >= {1}


def test_a_later_version_tells_what_is_held_and_keeps_the_reasons() -> None:
    """What was withheld first is told again; a held cell says what its change lacked."""
    owner = Owner(BILLED, PAID, dims=(YEARS, MODES))
    rows = paid_but_for(2)
    before = owner.publish(rows)
    more = [[f"C{i:02}", (0, 0), [50, 50]] for i in range(20)]
    report = owner.publish([*rows, *more, ["C03", (0, 1), [50, 50]]])
    assert report["renewal"] == {"updated": 1, "held": 1, "added": 0, "unchanged": 2}
    (held,) = report["heldFor"]
    assert held["cell"] == [
        {"dimension": "year", "codes": ["2024"]},
        {"dimension": "mode", "codes": ["RAIL"]},
    ]
    assert (held["when"], held["new"], held["lack"]["had"]) == ("change", False, 1)
    assert report["withheld"] == before["withheld"]


def test_migration_tells_what_is_not_released_any_more() -> None:
    """The first edition released billed and paid of every cell; paid of one is now withheld."""
    cells = [[(year, mode)] for year in (0, 1) for mode in (0, 1)]
    owner = Owner(BILLED, PAID, dims=(YEARS, MODES))
    report = owner.publish(paid_but_for(2), migrate={"safe": cells, "blocked": []})
    assert report["noLonger"] == {
        "paid": {
            "count": 1,
            "some": [
                [
                    {"dimension": "year", "codes": ["2025"]},
                    {"dimension": "mode", "codes": ["RAIL"]},
                ]
            ],
        }
    }


def test_the_catalogue_says_the_same_of_two_worlds() -> None:
    """Equal partition and flags, other rows and amounts: only the owner's report differs."""
    pages: list[list[Any]] = []
    reports: list[list[Any]] = []
    for factor in (1, 2):
        owner = Owner(BILLED, PAID, dims=(YEARS, MODES))
        rows = [
            [who, cell, [factor * v // 2 for v in values]]
            for who, cell, values in paid_but_for(2)
            for _ in range(factor)
        ]
        more = [[f"C{i:02}", (0, 0), [50 * factor, 50 * factor]] for i in range(20)]
        one = [["C03", (0, 1), [50 * factor, 50 * factor]] for _ in range(factor)]
        made = [owner.publish(rows), owner.publish([*rows, *more, *one])]
        assert made[1]["renewal"]["held"] == 1
        reports.append(made)
        pages.append([shown(report) for report in made])
    assert pages[0] == pages[1]
    assert pages[0][0] != pages[0][1]  # what is held is seen
    for one_world, other in zip(*reports, strict=True):
        assert one_world["margins"] != other["margins"]  # rows: for the owner
    text = json.dumps(pages)
    for word in ("rows", "withheld", "heldFor", "leftOver", "lack", "advice", "billed − paid"):
        assert f'"{word}"' not in text


def shown(report: dict[str, Any]) -> dict[str, Any]:
    """The product's page, as the catalogue has it of a report."""
    page = publication(report, number=1, digest="sha-256:00", published="2026-11-29T00:00:00Z")
    return dataset(PRODUCT, page, service={"@id": "x"})


def test_families_that_do_not_fit_stand_in_report_and_catalogue() -> None:
    """A large table names the sets on which combinations are not checked."""
    dims = tuple((name, tuple(f"{name}{i}" for i in range(40))) for name in "abc")
    report = Owner(dims=dims).publish([[f"C{i}", (0, 0, 0), []] for i in range(9)])
    assert report["leftOut"]["count"] == len(report["leftOut"]["some"]) > 0
    first = report["leftOut"]["some"][0]
    assert (first["kind"], len(first["grouping"]), first["sets"]) == ("two", 2, 1600 * 780)
    assert shown(report)[TABLE]["@value"]["unchecked"] == report["leftOut"]


def test_a_conflict_names_form_rows_and_what_helps() -> None:
    """`on_conflict = refuse`: names of codes, no count of what is there."""
    stops = replace(RULES, on_conflict="refuse")
    owner = Owner(BILLED, PAID, dims=(YEARS, MODES), rules=stops)
    with pytest.raises(Conflict) as told:
        owner.publish(paid_but_for(2))
    dims = (
        replace(PRODUCT.dimensions[0], name="year", codes=YEARS[1]),
        replace(PRODUCT.dimensions[1], name="mode", codes=MODES[1]),
    )
    said = refusal(replace(PRODUCT, dimensions=dims), told.value)
    assert said.code == "product.conflict"
    assert said.message == (
        "product `delivery-records`: `billed − paid` on (year = 2025; mode = RAIL) concerns fewer than 5 contributors: `paid` "
        "of (year = 2025; mode = RAIL) cannot be released, and the product says "
        'on_conflict = "refuse"'
    )
    assert "offer one measure less" in said.next_step
    assert owner.report is None


def test_other_refusals_say_what_helps() -> None:
    """More measures that are compared than may be: the advice is the next step."""
    many = [replace(BILLED, name=f"m{i}") for i in range(7)]
    with pytest.raises(Refused) as told:
        Owner(*many, dims=(YEARS, MODES)).publish([])
    said = refusal(PRODUCT, told.value)
    assert said.code == "product.refused"
    assert said.message.startswith("product `delivery-records`: more than 6 comparable measures")
    assert said.next_step.startswith("declare their units")
