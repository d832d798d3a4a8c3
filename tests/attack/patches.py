"""What an operator who patched its own connector does with ciphertexts; runs in its process only.

`python -c "from tests.attack.patches import apply; apply(FILE)"` before the connector starts: the
file's word says, for each total, what is done.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from crypto.paillier.ciphertext import Stale


def apply(file: str) -> None:
    """Patch the sum of the aggregator in this process."""
    from connector.areas.cohort import aggregation

    honest = aggregation.add

    def add(batches: Sequence[Stale]) -> Any:
        way = Path(file).read_text(encoding="utf-8").strip()
        return WAYS[way](honest, list(batches)) if way in WAYS else honest(batches)

    aggregation.add = add  # type: ignore[assignment]


def _dropped(add: Callable[..., Any], batches: list[Any]) -> Any:
    return add(batches[:-1])


def _doubled(add: Callable[..., Any], batches: list[Any]) -> Any:
    return _multiplied(add([batches[0], batches[0], *batches[1:-1]]), 1)


def _twice(add: Callable[..., Any], batches: list[Any]) -> Any:
    return _multiplied(add(batches), 2)


def _constant(add: Callable[..., Any], batches: list[Any]) -> Any:
    return _mapped(add(batches), lambda c, n, _at: c * (1 + n) % (n * n))


def _shifted(add: Callable[..., Any], batches: list[Any]) -> Any:
    """Move the slots of each ciphertext by a whole slot's width or so: multiply by 2^64."""
    return _mapped(add(batches), lambda c, n, _at: pow(c, 1 << 64, n * n))


def _swapped(add: Callable[..., Any], batches: list[Any]) -> Any:
    """Put one column's ciphertexts into the place of another's."""
    from dataclasses import replace

    total = add(batches)
    columns = list(total.columns)
    values = [column.values for column in columns]
    turned = [replace(c, values=v) for c, v in zip(columns, values[1:] + values[:1], strict=True)]
    return replace(total, columns=tuple(turned))


def _multiplied(total: Any, factor: int) -> Any:
    return _mapped(total, lambda c, n, _at: pow(c, factor, n * n))


def _mapped(total: Any, change: Callable[[Any, Any, int], Any]) -> Any:
    from dataclasses import replace

    n = total.key.n
    columns = tuple(
        replace(column, values=tuple(change(c, n, at) for at, c in enumerate(column.values)))
        for column in total.columns
    )
    return replace(total, columns=columns)


WAYS: dict[str, Callable[..., Any]] = {
    "one supplier dropped": _dropped,
    "one supplier doubled, one dropped": _doubled,
    "everything twice": _twice,
    "a constant added": _constant,
    "slots shifted": _shifted,
    "columns swapped": _swapped,
}
