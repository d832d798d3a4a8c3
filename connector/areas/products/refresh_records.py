"""What the owner sends and gets back about refreshes, as records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from crypto.records import Text
from crypto.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Refresh:
    """How a product is to be made anew.

    Attributes:
        accept_clamped: the owner's word that more than one value in a hundred may be clamped.
    """

    accept_clamped: Annotated[
        bool,
        Words(
            "允许某个指标有超过 1% 的值越界",
            "more than 1 % of a measure's values may be out of bounds",
        ),
    ] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LastRefresh:
    """The last refresh of a product.

    Attributes:
        at: when it began, ISO 8601.
        state: how it stands, or ended.
        scheduled: whether a schedule began it.
        error: code, message, next step, if it failed.
        settled: true of one that failed, if the product was published since.
    """

    at: str
    state: Literal["running", "done", "unchanged", "failed"]
    scheduled: bool
    error: Mapping[str, Any] | None = None
    settled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Refreshes:
    """How the refreshes of a product stand.

    Attributes:
        schedule: as the product file says it.
        zone: in whose time.
        next: when it is due next, ISO 8601.
        last: the last one.
        trouble: why it is never due.
    """

    schedule: str | None = None
    zone: str | None = None
    next: str | None = None
    last: LastRefresh | None = None
    trouble: Annotated[str, Text(4096, empty=True)] | None = None
