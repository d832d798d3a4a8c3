"""What can be wrong with a data contract that a product file is to be made of."""

from __future__ import annotations

from typing import Final

from crypto.problem import Problem
from crypto.words import Words

NO_OBJECT: Final = Problem(
    "contract-file.object",
    Words("该合约没有描述任何数据对象", "the contract describes no object of data"),
    Words("请在合约的 `schema` 中加入一个对象", "add one to its `schema`"),
)
WHICH_OBJECT: Final = Problem(
    "contract-file.object",
    Words("该合约描述了多个数据对象：{known}", "the contract describes several objects: {known}"),
    Words("请用 --object 指明一个", "name one by --object"),
)
OBJECT_UNKNOWN: Final = Problem(
    "contract-file.object",
    Words(
        "该合约没有名为 `{given}` 的对象；有：{known}",
        "the contract has no object `{given}`; there are: {known}",
    ),
    Words("请用 --object 指明其中一个", "name one of them by --object"),
)
NO_PROPERTY: Final = Problem(
    "contract-file.object",
    Words(
        "对象 `{given}` 没有可以成为列的属性",
        "no property of the object `{given}` can be a column",
    ),
    Words("请在合约中加入属性，或用 --object 另选一个", "add some, or name another by --object"),
)
