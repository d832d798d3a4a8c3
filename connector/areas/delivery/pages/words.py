"""Words that the pages of deliveries share: directions, modes, outcomes, amounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from catalog.file_product import PULL, PUSH
from connector.areas.dsp import QUESTION_FORMAT, page_words
from crypto.words import Words, verbatim

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crypto.words import Spoken

TITLE: Final = Words("交付", "Deliveries")
ALL: Final = Words("全部", "All")
OUT: Final = Words("发往对方", "To others")
IN: Final = Words("发来本方", "To us")
DIRECTION: Final = Words("方向", "Direction")
MODE: Final = Words("方式", "Mode")
AMOUNT: Final = Words("数量", "Amount")
BYTES: Final = Words("字节数", "Bytes")
SIZE: Final = Words("文件字节数", "Bytes of the file")
TROUBLE: Final = Words("问题", "Trouble")
OTHER_SIDE: Final = page_words.OTHER_SIDE
PRODUCT: Final = page_words.PRODUCT
DATASET: Final = page_words.DATASET
CHANGED: Final = page_words.CHANGED
DIRECTIONS: Final[Mapping[str, Words]] = {"provider": OUT, "consumer": IN}

PULLED: Final = Words("使用方取回", "fetched by the consumer")
PUSHED: Final = Words("提供方发送", "sent by the provider")
ASKED: Final = Words("供提问使用", "for questions")
MODES: Final[Mapping[str, Words]] = {PULL: PULLED, PUSH: PUSHED, QUESTION_FORMAT: ASKED}

UNDER_WAY: Final = Words("正在传送", "under way")
COMPLETE: Final = Words("已送达", "arrived in full")
CUT: Final = Words("被切断", "cut off")
ABORTED: Final = Words("对方中断", "broken off by the other side")
FAILED: Final = Words("失败", "failed")
OUTCOMES: Final[Mapping[str, tuple[str, Words]]] = {
    "begun": ("wait", UNDER_WAY),
    "complete": ("good", COMPLETE),
    "cut": ("bad", CUT),
    "aborted": ("bad", ABORTED),
    "failed": ("bad", FAILED),
}
PART_OF: Final = Words("{done}，共 {all}", "{done} of {all}")
NO_AMOUNT: Final = Words("尚无", "none yet")
IN_CONTRACT: Final = Words("见合约", "see the contract")
_STEP: Final = 1000
_UNITS: Final = ("kB", "MB", "GB", "TB")


def mode_said(format_: str) -> Spoken:
    """Name a format of transfers."""
    return MODES.get(format_, verbatim(format_))


def outcome_said(outcome: str) -> tuple[str, Spoken]:
    """Give how an outcome of a delivery looks and what it is called."""
    return OUTCOMES.get(outcome, ("off", verbatim(outcome)))


def size_said(count: int) -> str:
    """Write a number of bytes, in decimal units from 10 kB on."""
    if count < 10 * _STEP:
        return f"{count:,} B"
    place = min((len(str(count)) - 1) // 3, len(_UNITS))
    return f"{count / _STEP**place:,.1f} {_UNITS[place - 1]}"
