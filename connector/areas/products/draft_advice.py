"""What to do about a finding, for whoever has a draft before them and no product file.

What publishing refuses says what to change in a product file, or what to add to a command. Of a
draft both are steps of the wizard.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from crypto.words import Words, verbatim

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crypto.words import Spoken

# a product file, a key of one, a command or its option
_ELSEWHERE: Final = re.compile(
    r"product file|`--|\bvoile |\[reading\]|\[\[column\]\]|` = |= [\"\[]|`\w+ = |\.toml"
)
_OTHERWISE: Final = Words(
    "请在第 1 步更改所涉及的列，或改正文件后重新上传",
    "change the column that it is about in step 1, or correct the file and hand it in anew",
)
_SAME_ROWS: Final = Words(
    "若这些行确实不属于那个产品，请在第 3 步勾选“这些行不属于本方的任何其他产品”",
    "if these rows are others indeed, tick in step 3 that they are in no other product of ours",
)
_EMPTY: Final = Words(
    "请在第 1 步选择没有值的行如何处理，或在文件中填写",
    "say in step 1 what becomes of rows without a value, or fill them in in the file",
)
_TYPE: Final = Words(
    "请在第 1 步更改该列的读法或不使用它，或改正文件后重新上传",
    "read the column otherwise in step 1, or leave it unused, or correct the file and hand it in"
    " anew",
)
_FILE: Final = Words(
    "请另存为 UTF-8 的 CSV 后重新上传", "save it as a CSV in UTF-8, and hand it in anew"
)
_SHEET: Final = Words(
    "请在第 1 步选择工作表和表头所在的行",
    "choose the sheet and the row of its header in step 1",
)
_ADVICE: Final[Mapping[str, Words]] = {
    "product.clamped": Words(
        "请在第 1 步放宽上下限（发布后不能更改），或改正文件；"
        "若确应如此，请勾选允许超过 1% 的值越界",
        "widen the bounds in step 1 (they stay once published), or correct the file; if it shall be"
        " so, tick that more than 1 % of the values may be out of bounds",
    ),
    "product.same-rows": _SAME_ROWS,
    "product.like-rows": _SAME_ROWS,
    "data.missing": _EMPTY,
    "data.type": _TYPE,
    "data.value": _TYPE,
    "data.cells": _TYPE,
    "data.code": Words(
        "请在第 1 步把该代码加入该维度，或改正文件后重新上传",
        "add the code to the dimension in step 1, or correct the file and hand it in anew",
    ),
    "data.encoding": _FILE,
    "data.workbook": _SHEET,
    "data.header": _SHEET,
    "data.zone": Words("请在第 3 步改正时区", "correct the zone in step 3"),
}
_TICK: Final = Words(
    "请改正文件；若确应如此，请勾选允许超过 1% 的值越界",
    "correct the file; if it shall be so, tick that more than 1 % of the values may be out of"
    " bounds",
)


def advice_of(code: str, zh: str, en: str, *, renewal: bool = False) -> Spoken:
    """Says what to do: as publishing does, if that is nothing of a product file or a command.

    Args:
        code: Of the finding.
        zh: What publishing would say to do, in Chinese.
        en: In English.
        renewal: Whether it is new data of a product, whose columns and offers stay.
    """
    if renewal:  # its product file stands on the product's page
        return _TICK if code == "product.clamped" else verbatim(zh, en)
    if not _ELSEWHERE.search(en):
        return verbatim(zh, en)
    return _ADVICE.get(code, _OTHERWISE)
