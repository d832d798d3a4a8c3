"""Words about questions that commands and pages share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from crypto.words import Words
from policies.phrases import sentence
from policies.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crypto.words import Language

STATES: Final = {
    "asked": Words("已提出", "asked"),
    "open": Words("进行中", "open"),
    "answered": Words("已答", "answered"),
    "refused": Words("被拒绝", "refused"),
    "failed": Words("失败", "failed"),
    "ended": Words("已终止", "ended"),
}


def reason_said(reason: Mapping[str, Any], language: Language) -> str:
    """Say a reason with what to do."""
    return sentence(Reason.from_json(reason), language)
