"""The five parties of the demonstration: one operator, three suppliers, one buyer.

All of them are invented; no firm of the real world is meant.
"""

from dataclasses import dataclass
from typing import Literal

PartyRole = Literal["operator", "supplier", "buyer"]


@dataclass(frozen=True, slots=True)
class Party:
    """One party: the name of its folder and its names in the report."""

    slug: str
    role: PartyRole
    en: str
    zh: str

    @property
    def is_firm(self) -> bool:
        """Whether the party is a participant that the operator has to certify."""
        return self.role != "operator"


OPERATOR = Party("operator", "operator", "Demo Space Operator", "演示空间运营方")
ALDER = Party("alder", "supplier", "Alder Parts Works", "赤杨零件厂")
BIRCH = Party("birch", "supplier", "Birch Components", "白桦部件厂")
CEDAR = Party("cedar", "supplier", "Cedar Castings", "雪松铸件厂")
MAPLE = Party("maple", "buyer", "Maple Machine Builders", "红枫整机厂")

SUPPLIERS = (ALDER, BIRCH, CEDAR)
BUYER = MAPLE
PARTIES = (OPERATOR, *SUPPLIERS, BUYER)
