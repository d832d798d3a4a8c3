"""What the roles of people are called."""

from __future__ import annotations

from typing import Final

from connector.console import words
from crypto.words import Words, verbatim

ROLE_WORDS: Final = {
    "steward": words.STEWARD,
    "cdo": words.CDO,
    "security": words.SECURITY,
    "certifier": words.CERTIFIER,
    "auditor": words.AUDITOR,
}


def roles_said(roles: frozenset[str]) -> Words:
    """Name roles in both languages."""
    named = [ROLE_WORDS[role] for role in sorted(roles)]
    return verbatim("、".join(one.zh for one in named), ", ".join(one.en for one in named))
