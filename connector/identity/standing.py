"""What is known of a party's standing with the operator: values, as the registry reads them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Status = Literal["certified", "suspended", "revoked", "pending", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Whether a party may take part now.

    Attributes:
        did: the party.
        status: "unknown" for parties that no current document names.
        expires: seconds since 1970, the end of its certification; 0 if unknown.
        legal_group: parties of one group count as one where the contract says so.
        name_zh: as the operator registered it, in Chinese.
        name_en: the same in English.
        why: in words, for our own log and the console.
    """

    did: str
    status: Status
    expires: int = 0
    legal_group: str = ""
    name_zh: str = ""
    name_en: str = ""
    why: str = ""

    @property
    def certified(self) -> bool:
        """Whether the party may call and be called."""
        return self.status == "certified"


@dataclass(frozen=True, slots=True)
class InForce:
    """The status document in force, without its text."""

    serial: int
    issued: int
    expires: int


@dataclass(frozen=True, slots=True)
class Said:
    """What the document says of a party, as it is stored."""

    status: Status
    expires: int
    legal_group: str
    name_zh: str
    name_en: str
