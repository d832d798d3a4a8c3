"""What can be wrong with how a data file is written, packed or laid out."""

from __future__ import annotations

from typing import Final

from crypto.problem import Problem
from crypto.words import Words

# how it lies
NO_REGULAR_FILE: Final = Words("不是普通文件", "it is no regular file")
NO_FOLDER: Final = Problem(
    "data.folder",
    Words(
        "`{name}` 是文件夹，而产品文件没有写明读哪些文件",
        "`{name}` is a folder, and the product file does not say which of its files are read",
    ),
    Words(
        '请给出一个文件，或在产品文件的 `[reading]` 中写 `files = "*.csv"`',
        'name one file, or write `files = "*.csv"` under `[reading]` in the product file',
    ),
)
NOT_A_FOLDER: Final = Problem(
    "data.folder",
    Words(
        "`{name}` 不是文件夹，而产品文件写明了 `files`",
        "`{name}` is no folder, and the product file names `files`",
    ),
    Words("请给出文件夹，或删去 `files`", "name the folder, or take `files` away"),
)
NO_FILES: Final = Problem(
    "data.folder",
    Words(
        "文件夹 `{name}` 中没有名称符合 `{pattern}` 的文件",
        "no file in the folder `{name}` is named like `{pattern}`",
    ),
    Words("请检查文件夹与 `files`", "check the folder and `files`"),
)
TOO_MANY_FILES: Final = Problem(
    "data.folder",
    Words(
        "文件夹 `{name}` 中有超过 {most} 个文件符合 `{pattern}`",
        "more than {most} files in the folder `{name}` are named like `{pattern}`",
    ),
    Words("请合并一些文件，或收窄 `files`", "join some of them, or narrow `files`"),
)
LINKED: Final = Problem(
    "data.folder",
    Words(
        "`{name}` 不是普通文件，而是链接、文件夹或管道",
        "`{name}` is no regular file but a link, a folder or a pipe",
    ),
    Words(
        "请把文件本身放入该文件夹，或收窄 `files`",
        "put the file itself into the folder, or narrow `files`",
    ),
)
NAME_NO_TEXT: Final = Problem(
    "data.folder",
    Words("文件名 `{name}` 不是 UTF-8", "the file name `{name}` is no UTF-8"),
    Words("请给该文件改名", "rename that file"),
)
IN_FILE: Final = Words("文件 `{file}`：{why}", "file `{file}`: {why}")
A_LINE_IN: Final = Words("`{file}` 第 {line} 行", "line {line} of `{file}`")
A_ROW_IN: Final = Words("`{file}` 第 {row} 行数据", "row {row} of `{file}`")
HEADER_DIFFERS: Final = Problem(
    "data.header",
    Words(
        "文件 `{file}` 的表头与 `{first}` 的不同：应为 {expected}，实为 {got}",
        "the header of `{file}` differs from that of `{first}`: expected {expected}, got {got}",
    ),
    Words(
        "各文件的列与分隔符须一致；请改正该文件，或收窄 `files`",
        "all files have the same columns and delimiter: correct that file, or narrow `files`",
    ),
)
OTHER_FORM: Final = Problem(
    "data.folder",
    Words(
        "文件 `{file}` 的格式不能与 `{first}` 一起读取",
        "the file `{file}` is of a format that is not read together with `{first}`",
    ),
    Words(
        "同一文件夹中的文件须全为 CSV 或全为 Parquet：请转换该文件，或收窄 `files`",
        "files of a folder are all CSV or all Parquet: convert that file, or narrow `files`",
    ),
)
SHAPE_DIFFERS: Final = Problem(
    "data.header",
    Words(
        "文件 `{file}` 的列 `{column}` 与 `{first}` 的不同：应为 {expected}，实为 {got}",
        "column `{column}` of `{file}` differs from that of `{first}`: expected {expected}, got"
        " {got}",
    ),
    Words(
        "各 Parquet 文件的列与类型须一致；请以同一结构重新写出该文件，或收窄 `files`",
        "all Parquet files have the same columns of the same types: write that file anew with"
        " them, or narrow `files`",
    ),
)
NO_COLUMN: Final = Words("没有此列", "no such column")
ENCODINGS: Final = Problem(
    "data.encoding",
    Words(
        "文件 `{file}` 的编码与 `{first}` 的不同，后者是 UTF-8",
        "the file `{file}` is of another encoding than `{first}`, which is UTF-8",
    ),
    Words(
        "一个产品的各文件须用同一编码：请把它们都存为 UTF-8，或收窄 `files`",
        "all files of a product are of one encoding: save them as UTF-8, or narrow `files`",
    ),
)
CHANGED: Final = Problem(
    "data.changed",
    Words("文件 `{name}` 在读取期间被改动", "the file `{name}` was changed while it was read"),
    Words("请待其写完后重新发布", "publish again when it is written"),
)
PLACE_NAMED: Final = Problem(
    "data.column.twice",
    Words(
        "Parquet 文件有列 `{column}`，而读取时行号或文件号用此名",
        "the Parquet file has a column `{column}`: rows or files are numbered by that name while"
        " they are read",
    ),
    Words("请给该列改名，或存为 CSV", "rename that column, or save the file as CSV"),
)
TOO_WIDE: Final = Problem(
    "data.header",
    Words(
        "表头有超过 {most} 列，或有一列的名称过长",
        "the header has more than {most} columns, or a name that is too long",
    ),
    Words("请只导出所声明的列", "export the declared columns alone"),
)

# how it is packed
DAMAGED: Final = Problem(
    "data.packed",
    Words("压缩文件 `{name}` 不完整或已损坏", "the packed file `{name}` is cut short or damaged"),
    Words("请重新压缩或重新复制该文件", "pack or copy it again"),
)
EXPANDS: Final = Problem(
    "data.packed",
    Words(
        "压缩文件 `{name}` 解压后（与同一文件夹的其他文件合计）超过 {most} GiB，或超过其自身大小的"
        " {times} 倍",
        "the packed file `{name}`, with others of its folder, holds more than {most} GiB, or more"
        " than {times} times its size",
    ),
    Words(
        "若确为数据，请解压后发布",
        "if these are data, unpack it and publish what comes out",
    ),
)

# its encoding
SAY_ENCODING: Final = Words(
    '似为 {likely}：请在产品文件的 `[reading]` 中写 `encoding = "{likely}"`，'
    "或存为 UTF-8 后重新发布",
    'it seems to be {likely}: write `encoding = "{likely}"` under `[reading]` in the product file,'
    " or save it as UTF-8, and publish again",
)
NO_MARK: Final = Problem(
    "data.encoding",
    Words(
        "文件开头没有 UTF-16 字节顺序标记", "the file does not begin with UTF-16's byte order mark"
    ),
    Words(
        '请在产品文件中写 `encoding = "utf-16-le"` 或 `"utf-16-be"`',
        'write `encoding = "utf-16-le"` or `"utf-16-be"` in the product file',
    ),
)
SECOND_SPELLING: Final = Problem(
    "data.encoding",
    Words(
        "第 {line} 行的字符 `{character}` 在 {encoding} 中另有通常的编码",
        "at line {line} the character `{character}` is not in the bytes that {encoding} usually has"
        " for it",
    ),
    Words(
        "读入会混同两种写法；请存为 UTF-8 后重新发布",
        "reading would make two spellings one: save it as UTF-8 and publish again",
    ),
)

# what a value should look like
PERCENT: Final = Words(
    "如 `{example}` 的百分数，作为小数至多 {digits} 位数字、小数点后 {scale} 位",
    "a percentage like `{example}`, as a fraction of {digits} digits, {scale} after the point",
)
WHOLE_LIKE: Final = Words("如 `{example}` 的整数", "a whole number like `{example}`")
NUMBER_LIKE: Final = Words(
    "如 `{example}` 的数，至多 {digits} 位数字、小数点后 {scale} 位",
    "a number like `{example}` of {digits} digits, {scale} after the point",
)
WORDS_OF: Final = Words("{words} 之一", "one of {words}")
TIME_LIKE: Final = Words("形如 `{format}` 的值", "a value like `{format}`")
