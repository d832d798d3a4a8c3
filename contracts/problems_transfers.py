"""What can be wrong with a request for a transfer, whatever it carries."""

from __future__ import annotations

from typing import Final

from crypto.problem import Problem
from crypto.words import Words

FORMAT_UNSUPPORTED: Final = Problem(
    "transfer.format-unsupported",
    Words(
        "`/format`：该合约不允许 `{format}`", "`/format`: this agreement lets no `{format}` through"
    ),
    Words(
        "请改用数据集的分发方式中列出的格式",
        "ask for a format that stands in the dataset's distributions",
    ),
)
FORMAT_OFF_CATALOGUE: Final = Problem(
    "transfer.format-unsupported",
    Words(
        "`/format`：应为目录中列出的格式，实为 `{format}`",
        "`/format`: expected one that the catalogue names, got `{format}`",
    ),
    Words(
        "请改用数据集的分发方式中列出的格式",
        "ask for a format that stands in the dataset's distributions",
    ),
)
FILE_UNASKED: Final = Problem(
    "transfer.format-unsupported",
    Words(
        "`/format`：该数据集是文件，不接受提问",
        "`/format`: this dataset is a file and takes no questions",
    ),
    Words(
        "请改用数据集的分发方式中列出的格式",
        "ask for a format that stands in the dataset's distributions",
    ),
)
ANSWERS_GO_BACK: Final = Problem(
    "transfer.address-unexpected",
    Words(
        "`/dataAddress`：格式 `{format}` 不应带地址，实际带有地址",
        "`/dataAddress`: expected none beside the format `{format}`, got one",
    ),
    Words(
        "请去掉 `dataAddress`：答案发给提问方", "leave `dataAddress` out: answers go to who asks"
    ),
)
ADDRESS_UNEXPECTED: Final = Problem(
    "transfer.address-unexpected",
    Words(
        "`/dataAddress`：格式 `{format}` 不应带地址，实际带有地址",
        "`/dataAddress`: expected none beside the format `{format}`, got one",
    ),
    Words(
        "请去掉 `dataAddress`：文件位置由 Start 给出",
        "leave `dataAddress` out: the Start says where the file is",
    ),
)
