"""How the values of one column sit in plaintexts: equal slots, a count on top, nothing between.

    | 0 | count of addends | tag | slot s-1 | … | slot 1 | slot 0 |   below 2^(|n|-1), hence below n

A slot holds value - lower, so it is never negative; adding k batches gives sum - k·lower, and the
count field, where every addend puts a one, says what k was. The width of a slot is planned from the
bounds of one contribution, the rows that may fall into one cell and the addends, plus a guard bit
that stays zero unless somebody lied. A tagged layout keeps room for the tag of `paillier/tags.py`;
what it leaves for slots is fewer of them. The layout travels with the batch; a receiver derives it
again and compares.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from crypto._hazmat.bigint import pack, unpack
from crypto.errors import VoileError
from crypto.paillier import problems
from crypto.paillier.errors import PaillierError

MAX_VALUES = 1 << 24
MAX_SCALE = 18
GUARD_BITS = 1
FACTOR_BITS = 56  # of each factor a_k in a tag
MAX_DIGITS = 60


@dataclass(frozen=True, slots=True)
class Fields:
    """One plaintext taken apart.

    Attributes:
        slots: lowest first; a value less `lower`, or the sum of such.
        tag: what the tag field holds; 0 where the layout has none.
        addends: what the count field holds.
    """

    slots: tuple[int, ...] = field(repr=False)
    tag: int = field(repr=False)
    addends: int


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
        tagged: whether each ciphertext carries a tag beside its values.
    """

    column: str
    modulus_bits: int
    count: int
    lower: int
    upper: int
    addends: int
    scale: int
    tagged: bool = False

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
            raise VoileError(problems.LAYOUT, column=self.column, bits=self.modulus_bits)

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
        tagged: bool = False,
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
            tagged=tagged,
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
        """Slots in one plaintext: as many as leave room for the count and the tag over them."""
        room = self.modulus_bits - 1 - self.count_bits
        slots = room // self.slot_bits
        while slots > 0 and slots * self.slot_bits + self._tag_bits(slots) > room:
            slots -= 1
        return slots

    @property
    def mask_bits(self) -> int:
        """Width of Σ a_k·x_k over the slots of one plaintext, and of the mask r beside it."""
        return self._mask_bits(self.slots)

    @property
    def tag_bits(self) -> int:
        """Width of the tag field; 0 without tags."""
        return self._tag_bits(self.slots)

    def _mask_bits(self, slots: int) -> int:
        return FACTOR_BITS + self.slot_bits + (slots - 1).bit_length()

    def _tag_bits(self, slots: int) -> int:
        """Σ a_k·x_k and r, of all addends: one bit for the sum of the two, and log2 of addends."""
        if not self.tagged:
            return 0
        return self._mask_bits(slots) + (self.addends - 1).bit_length() + 1

    @property
    def ciphertexts(self) -> int:
        """Ciphertexts in the batch."""
        return -(-self.count // self.slots)

    def encode(self, values: Sequence[int]) -> tuple[int, ...]:
        """Pack the values of one addend; the tag field stays empty.

        Raises:
            VoileError: their number or one of them is outside what the layout was planned for.
        """
        if len(values) != self.count or min(values) < self.lower or max(values) > self.upper:
            raise VoileError(problems.BOUNDS, column=self.column)
        shifted = [int(value) - self.lower for value in values]
        slots, width = self.slots, self.slot_bits
        one = 1 << (slots * width + self.tag_bits)
        return tuple(
            one | pack(shifted[start : start + slots], width)
            for start in range(0, self.count, slots)
        )

    def fields(self, plaintext: int) -> Fields:
        """Take a plaintext apart."""
        slots, width, tag_bits = self.slots, self.slot_bits, self.tag_bits
        above = plaintext >> (width * slots)
        tag = above & ((1 << tag_bits) - 1)
        return Fields(tuple(unpack(plaintext, width, slots)), tag, above >> tag_bits)

    def sound(self, found: Fields, number: int, *, addends: int) -> bool:
        """Say whether honest addends can have made the slots and the count of a plaintext.

        Args:
            found: its fields.
            number: which ciphertext of the column it is of.
            addends: how many batches were added.
        """
        used = min(len(found.slots), self.count - number * len(found.slots))
        most = addends * (self.upper - self.lower)
        return (
            (found.addends == addends)
            & (max(found.slots) <= most)
            & (not any(found.slots[max(used, 0) :]))
        )

    def values(self, found: Sequence[Fields], *, addends: int) -> tuple[int, ...]:
        """Return the column's values out of the fields of all its plaintexts."""
        slots = [slot for one in found for slot in one.slots]
        return tuple(slot + addends * self.lower for slot in slots[: self.count])

    def decode(self, plaintexts: Sequence[int], *, addends: int) -> tuple[int, ...]:
        """Unpack the sum of exactly `addends` addends; every field but the tag is checked.

        Raises:
            PaillierError: a field holds what honest addends cannot have made.
        """
        sound = 0 < addends <= self.addends and len(plaintexts) == self.ciphertexts
        found = [self.fields(plaintext) for plaintext in plaintexts]
        for number, one in enumerate(found):  # all of them, also after a failure
            sound &= self.sound(one, number, addends=addends)
        if not sound:
            raise PaillierError("a decrypted field is outside its range")
        return self.values(found, addends=addends)

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
        } | ({"tagBits": self.tag_bits} if self.tagged else {})

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
            tagged="tagBits" in value,
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
