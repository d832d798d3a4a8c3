"""Grading: data domains and levels of the rule pack `miit-2020`, and what a level asks of offers.

Source: MIIT, trial guideline on the classification and grading of industrial data (2020); which
level allows what are this project's own defaults (domain.md §4).
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from catalog import problems_products as problems
from crypto.words import Words

if TYPE_CHECKING:
    from collections.abc import Mapping

RULE_PACK: Final = "miit-2020"
DOMAIN_WORDS: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "rd": Words("研发", "research and development"),
        "production": Words("生产", "production"),
        "maintenance": Words("运维", "maintenance"),
        "management": Words("管理", "management"),
        "external": Words("外部", "external"),
        "platform_ops": Words("平台运营", "platform operation"),
        "enterprise": Words("企业管理", "enterprise management"),
    }
)
DOMAINS: Final[Mapping[str, str]] = MappingProxyType(
    {code: words.zh for code, words in DOMAIN_WORDS.items()}
)
LEVELS: Final = (1, 2, 3)  # 3 is the gravest


def missing_terms(level: int, *, purposes: bool, recipients: bool) -> Words | None:
    """Returns what an offer of data of a level lacks, in words, or None.

    Args:
        level: 1 to 3.
        purposes: whether the offer names purposes.
        recipients: whether it names recipients.
    """
    if level == 3:
        return problems.NO_OFFER
    if level == 2 and not (purposes and recipients):
        return problems.NAMED_TERMS
    return None
