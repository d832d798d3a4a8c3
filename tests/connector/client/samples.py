"""An answer as the management API gives it, with everything that an answer may say."""

from __future__ import annotations

from typing import Any

SQL = "SELECT mode, SUM(price) AS paid, AVG(price), COUNT(*) FROM deliveries GROUP BY year, mode"
OUTPUTS = (("price", "sum", "CNY", 2), ("price", "avg", "CNY", 8), ("*", "count", "", 0))
STATUSES = ("price:sum", "price:avg", "*:count")
EVIL = "<script>alert('x')</script>\u202e$x$"


def cell(year: str, mode: str, *figures: str | None, **more: Any) -> dict[str, Any]:
    return {
        "key": {"year": year, "mode": mode},
        "values": dict(zip(STATUSES, figures, strict=True)),
        "statuses": {},
    } | more


def withheld(year: str, mode: str, reason: str, **more: Any) -> dict[str, Any]:
    return {"key": {"year": year, "mode": mode}, "reason": reason} | more


def reply(*, mode: str = "RAIL", unit: str = "CNY", sql_outputs: Any = OUTPUTS) -> dict[str, Any]:
    """What `POST /v1/questions` gives."""
    partly = {
        "statuses": {"price:sum": "withheld", "price:avg": "withheld"},
        "asOf": 2,
    }
    answer = {
        "v": 2,
        "questionId": "urn:uuid:q",
        "provider": "did:web:acme.example",
        "product": "deliveries",
        "purpose": "credit",
        "mode": "masked",
        "minimumContributors": 5,
        "dataVersion": {"number": 3, "digest": "sha-256:x"},
        "dimensions": [{"name": "year", "unit": ""}, {"name": "mode", "unit": ""}],
        "outputs": [
            {"name": f"{m}:{f}", "measure": m, "function": f, "unit": u and unit, "scale": s}
            for m, f, u, s in sql_outputs
        ],
        "measures": [{"name": "price", "lower": "0", "upper": "9.50", "unit": unit}],
        "cells": [
            cell("2023", mode, "123456789012345678.90", "0.00000001", "7"),
            cell("2024", mode, None, None, "3", **partly),
        ],
        "withheld": [
            withheld(
                "2024", "AIR", "merged", togetherWith=[{"year": "2024", "mode": "SEA"}],
                widen={"mode": ["SEA"]},
            ),
            withheld("2025", "AIR", "empty"),
        ],
        "leftOut": 4,
    }  # fmt: skip
    return {
        "questionId": "urn:uuid:q",
        "mode": "masked",
        "repeated": False,
        "usage": {"used": 1, "limit": 5, "left": 4},
        "answer": answer,
        "signature": "e30..",
    }
