"""How the values of one column sit in plaintexts: equal slots, a count on top, nothing between.

    | 0 | count of addends | slot s-1 | … | slot 1 | slot 0 |     below 2^(|n|-1), hence below n

A slot holds value - lower, so it is never negative; adding k batches gives sum - k·lower, and the
count field, where every addend puts a one, says what k was. The width of a slot is planned from the
bounds of one contribution, the rows that may fall into one cell and the addends, plus a guard bit
that stays zero unless somebody lied. The layout travels with the batch; a receiver derives it again
and compares.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from crypto._hazmat.bigint import pack, unpack
from crypto.errors import VoileError
from crypto.paillier.errors import PaillierError

MAX_VALUES = 1 << 24
MAX_SCALE = 18
GUARD_BITS = 1
MAX_DIGITS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """One column of `count` integers, each addend's value within [lower, upper].

    Attributes:
        column: name of the column, e.g. `qty:sum`.
        modulus_bits: length of n.
        count: values in the column.
        lower: least value of one addend, at most 0.
        upper: greatest value of one addend, at least 0.
        addends: how many batches may be added at most.
        scale: decimal places that every value of the column was multiplied with, fixed.
    """

    column: str
    modulus_bits: int
    count: int
    lower: int
    upper: int
    addends: int
    scale: int

    def __post_init__(self) -> None:
        if not (
            0 < len(self.column) <= 200
            and 0 < self.count <= MAX_VALUES
            and self.lower <= 0 < self.upper - self.lower
            and self.upper >= 0
            and 0 < self.addends <= 1 << 16
            and 0 <= self.scale <= MAX_SCALE
        ):
            raise PaillierError("a layout is outside its limits")
        if self.slots < 1:
            raise VoileError(
                f"values of column `{self.column}` do not fit into {self.modulus_bits} bits",
                code="paillier.layout",
                next_step="declare tighter bounds or a lower cap on rows, or use a longer key",
            )

    @classmethod
    def plan(
        cls,
        column: str,
        *,
        modulus_bits: int,
        count: int,
        lower: int,
        upper: int,
        rows: int,
        addends: int,
        scale: int = 0,
    ) -> Self:
        """Lay out sums of at most `rows` contributions that each lie in [lower, upper]."""
        return cls(
            column=column,
            modulus_bits=modulus_bits,
            count=count,
            lower=rows * min(lower, 0),
            upper=rows * max(upper, 0),
            addends=addends,
            scale=scale,
        )

    @property
    def slot_bits(self) -> int:
        """Width of a slot: the largest possible sum of all addends, and the guard bit."""
        return (self.addends * (self.upper - self.lower)).bit_length() + GUARD_BITS

    @property
    def count_bits(self) -> int:
        """Width of the count field on top."""
        return self.addends.bit_length() + GUARD_BITS

    @property
    def slots(self) -> int:
        """Slots in one plaintext."""
        return (self.modulus_bits - 1 - self.count_bits) // self.slot_bits

    @property
    def ciphertexts(self) -> int:
        """Ciphertexts in the batch."""
        return -(-self.count // self.slots)

    def encode(self, values: Sequence[int]) -> tuple[int, ...]:
        """Pack the values of one addend.

        Raises:
            VoileError: their number or one of them is outside what the layout was planned for.
        """
        if len(values) != self.count or min(values) < self.lower or max(values) > self.upper:
            raise VoileError(
                f"a value of column `{self.column}` is outside the bounds it was planned for",
                code="paillier.bounds",
                next_step="ask again with a higher cap on rows per cell",
            )
        shifted = [int(value) - self.lower for value in values]
        one = 1 << (self.slots * self.slot_bits)
        return tuple(
            one | pack(shifted[start : start + self.slots], self.slot_bits)
            for start in range(0, self.count, self.slots)
        )

    def decode(self, plaintexts: Sequence[int], *, addends: int) -> tuple[int, ...]:
        """Unpack the sum of exactly `addends` addends; every field is checked.

        Raises:
            PaillierError: a field holds what honest addends cannot have made.
        """
        width, most = self.slot_bits, addends * (self.upper - self.lower)
        sound = 0 < addends <= self.addends and len(plaintexts) == self.ciphertexts
        values: list[int] = []
        for plaintext in plaintexts:  # all of them, also after a failure
            slots = unpack(plaintext, width, self.slots)
            used = min(self.slots, self.count - len(values))
            sound &= plaintext >> (width * self.slots) == addends
            sound &= max(slots) <= most and not any(slots[used:])
            values += [slot + addends * self.lower for slot in slots[:used]]
        if not sound:
            raise PaillierError("a decrypted field is outside its range")
        return tuple(values)

    def to_json(self) -> dict[str, Any]:
        """Return the layout with the widths that follow from it; bounds as decimal strings."""
        return {
            "column": self.column,
            "modulusBits": self.modulus_bits,
            "count": self.count,
            "lower": str(self.lower),
            "upper": str(self.upper),
            "addends": self.addends,
            "scale": self.scale,
            "slotBits": self.slot_bits,
            "slots": self.slots,
        }

    @classmethod
    def from_json(cls, value: object) -> Self:
        """Read a layout and derive its widths again; announced ones must agree.

        Raises:
            PaillierError: another shape, a number outside its limits or widths that lie.
        """
        if not isinstance(value, Mapping) or not isinstance(value.get("column"), str):
            raise PaillierError("a layout is not an object with a column")
        layout = cls(
            column=value["column"],
            modulus_bits=_whole(value.get("modulusBits")),
            count=_whole(value.get("count")),
            lower=_decimal(value.get("lower")),
            upper=_decimal(value.get("upper")),
            addends=_whole(value.get("addends")),
            scale=_whole(value.get("scale")),
        )
        if layout.to_json() != dict(value):
            raise PaillierError("a layout announces widths that do not follow from it")
        return layout


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise PaillierError("a number in a layout is not an integer")
    return value


def _decimal(value: object) -> int:
    text = value if isinstance(value, str) else ""
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= MAX_DIGITS):
        raise PaillierError("a bound in a layout is not a decimal string")
    return int(text)
