"""What can be wrong with a data file, or with the room to work on it."""

from __future__ import annotations

from typing import Final

from crypto.problem import Problem
from crypto.words import Words

# the place to work
DISK_FULL: Final = Problem(
    "data.disk",
    Words("数据文件夹无法再写入：{reason}", "the data folder takes no more: {reason}"),
    Words(
        "请腾出空间后重新发布：数据文件可能没有问题",
        "free some space there and publish again: the data file may be all right",
    ),
)
DISK: Final = Problem(
    "data.disk",
    Words("数据文件夹不可写", "the data folder cannot be written to"),
    Words(
        "请确认其磁盘完好，且连接器有权写入",
        "see that its disk is sound and the connector may write there",
    ),
)
MEMORY: Final = Problem(
    "data.memory",
    Words(
        "内存与临时文件夹合起来也容不下这些数据",
        "the data do not fit into memory and the scratch folder together",
    ),
    Words("请在数据文件夹中腾出空间", "free some space in the data folder"),
)

# the file as a whole
NO_OPEN: Final = Problem(
    "data.unreadable",
    Words(
        "数据文件 `{path}` 无法读取：{reason}", "the data file `{path}` cannot be read: {reason}"
    ),
    Words(
        "请给出连接器所在机器上、连接器可读的文件路径",
        "give the path of a file that the connector may read, on its own machine",
    ),
)
NO_TAKE: Final = Problem(
    "data.unreadable",
    Words("数据文件 `{name}`：{why}", "the data file `{name}`: {why}"),
    Words(
        "请给出连接器所在机器上、连接器可读的 CSV 或 Parquet 文件",
        "give a CSV or Parquet file that the connector may read, on its own machine",
    ),
)
UNREADABLE: Final = Problem(
    "data.unreadable",
    Words("无法读取该文件", "the file cannot be read"),
    Words(
        "请检查它是否为完整的 CSV 或 Parquet 文件",
        "check that it is a complete CSV or Parquet file",
    ),
)
EMPTY: Final = Problem(
    "data.empty",
    Words("文件为空", "the file is empty"),
    Words("请发布有表头和数据的文件", "publish a file with a header and data"),
)
NO_ROWS: Final = Problem(
    "data.empty",
    Words("文件中没有数据行", "the file has no rows"),
    Words("请发布有数据的文件", "publish a file with data"),
)
FORMAT: Final = Problem(
    "data.format",
    Words(
        "应为 CSV 文本或 Parquet 文件，实为{what}",
        "expected CSV text or a Parquet file, got a file that is {what}",
    ),
    Words("请{helps}，再发布所得的文件", "{helps}, then publish that"),
)
ENCODING: Final = Problem(
    "data.encoding",
    Words("文件第 {line} 行不是 {encoding}", "the file is not {encoding} at line {line}"),
    Words(
        "请存为 UTF-8 后重新发布，或在产品文件的 `[reading]` 中写明 `encoding`",
        "save it as UTF-8 and publish again, or name its `encoding` under `[reading]` in the"
        " product file",
    ),
)
ROWS: Final = Problem(
    "data.rows",
    Words(
        "文件有 {rows} 行，一个产品最多容纳 {most} 行",
        "the file has {rows} rows, a product takes at most {most}",
    ),
    Words("请分成几个产品发布", "publish parts of it as products of their own"),
)
ZONE: Final = Problem(
    "data.zone",
    Words(
        "`zone`：应为 IANA 时区名，如 `Asia/Shanghai`，实为 `{zone}`",
        "`zone`: expected a zone of the IANA list like `Asia/Shanghai`, got `{zone}`",
    ),
    Words("请在产品文件中改正 `zone`", "correct `zone` in the product file"),
)

# its lines
LINE_ENDS: Final = Problem(
    "data.line-ends",
    Words(
        "第 {line} 行以 {ending} 结束，此前各行以 {usual} 结束：整个文件的换行须一致",
        "line {line} ends in {ending}, those before it in {usual}: expected one kind of line end"
        " throughout the file",
    ),
    Words(
        "请以一种换行保存；含换行的字段须加引号",
        "save it with one kind, and quote a field that holds a line break",
    ),
)
FIELDS: Final = Problem(
    "data.fields",
    Words(
        "第 {line} 行应有 {expected} 个字段，实有 {got} 个",
        "expected {expected} fields at line {line}, got {got}",
    ),
    Words("请改正该行后重新发布", "correct that line and publish again"),
)
OPEN_QUOTE: Final = Problem(
    "data.unreadable",
    Words(
        "始于第 {line} 行的一行数据引号未闭合、闭合引号之后还有文字，或超过 {most} 个字符",
        "the row that begins at line {line} has a quote that is not closed, text after a closing"
        " quote, or more than {most} characters",
    ),
    Words(
        "请闭合引号；加引号的字段内，引号须写两次",
        "close the quote; a quote within a quoted field is written twice",
    ),
)
BLANK: Final = Problem(
    "data.quotes",
    Words(
        "第 {line} 行有空格位于字段的引号之外",
        "a blank stands outside the quotes of a field at line {line}",
    ),
    Words(
        "请把它放入引号之内或删去，再重新发布",
        "put it between the quotes, or take it away, and publish again",
    ),
)
HEADER: Final = Problem(
    "data.header",
    Words(
        "第 1 行为空：应为写有各列名称的表头",
        "line 1 is blank: expected the header with the names of the columns",
    ),
    Words("请让文件以表头开始", "begin the file with its header"),
)

# its columns and values
COLUMN_TWICE: Final = Problem(
    "data.column.twice",
    Words("列 `{column}` 在文件中出现两次", "column `{column}` stands twice in the file"),
    Words("请给其中一列改名", "rename one of them"),
)
COLUMN_MISSING: Final = Problem(
    "data.column.missing",
    Words(
        "应有列 `{column}`，文件中的列为 {there}",
        "expected column `{column}`, the file has {there}",
    ),
    Words(
        "请在文件中加入该列，或在产品文件中改正 `source`",
        "add the column to the file, or correct `source` in the product file",
    ),
)
NESTED: Final = Problem(
    "data.type",
    Words("列 `{column}` 是嵌套的：`{given}`", "column `{column}` is nested: `{given}`"),
    Words("请展平后再发布", "flatten it before publishing"),
)
COLUMN_TYPE: Final = Problem(
    "data.type",
    Words(
        "列 `{column}`：应为{expected}，文件中的值为 `{given}` 类型",
        "column `{column}`: expected {expected}, the file has values of type `{given}`",
    ),
    Words(
        "请改正产品文件中该列的类型，或文件中的类型{hint}",
        "correct the column's type in the product file, or that of the file{hint}",
    ),
)
ZONE_MEANS: Final = Words(
    "；产品文件中的 `zone` 表示时间是带时区的时刻",
    "; `zone` in the product file says that times are instants with a zone",
)
VALUE: Final = Problem(
    "data.value",
    Words(
        "列 `{column}`，{place}：应为{expected}，实为 {got}",
        "column `{column}`, {place}: expected {expected}, got {got}",
    ),
    Words(
        "请改正该值，或产品文件中该列的类型{hint}",
        "correct the value, or the column's type in the product file{hint}",
    ),
)
DECLARE_ZONE: Final = Words(
    "；如果时间带有时区，请在产品文件中声明 `zone`",
    "; if the times carry a zone, declare `zone` in the product file",
)
CODE: Final = Problem(
    "data.code",
    Words(
        "维度 `{dimension}`，{place}：应为已声明的代码，实为{got}{more}",
        "dimension `{dimension}`, {place}: expected a declared code, got {got}{more}",
    ),
    Words(
        "请把该代码加入产品文件，或改正该值",
        "add the code to the product file, or correct the value",
    ),
)
NO_CONTRIBUTOR: Final = Problem(
    "data.missing",
    Words(
        "贡献者 `{name}`，{place}：应有值，实为空{more}",
        "contributor `{name}`, {place}: expected a value, got none{more}",
    ),
    Words(
        '请填写，或舍去这些行：在产品文件中写 `empty_contributor = "drop"`',
        'fill it in, or leave such rows out: `empty_contributor = "drop"` in the product file',
    ),
)
NO_VALUE: Final = Problem(
    "data.missing",
    Words(
        "指标 `{name}`，{place}：应有值，实为空{more}",
        "measure `{name}`, {place}: expected a value, got none{more}",
    ),
    Words(
        '若该处有字段为空，请填写，或在该指标旁写 `empty = "zero"`（求平均时计入该行）或'
        ' `empty = "skip"`（不计入）；否则请改正表达式',
        'if a field is empty there, fill it in, or write beside the measure `empty = "zero"` (an'
        ' average then counts that row) or `empty = "skip"` (it does not); else correct the'
        " expression",
    ),
)
SUCH_ROWS: Final = Words("（此类行共 {count} 行）", " ({count} such rows)")
AN_EMPTY_VALUE: Final = Words("空值", "an empty value")
A_ROW: Final = Words("第 {row} 行数据", "row {row}")
A_LINE: Final = Words("第 {line} 行", "line {line}")

# what it would show
RENAMED: Final = Problem(
    "data.contributors.renamed",
    Words(
        "已显示的数字背后有 {were} 个贡献者，文件中只有其中 {stay} 个：其编号似乎换了写法",
        "only {stay} of the {were} contributors behind the figures shown are in the file: their ids"
        " seem to be written in another way",
    ),
    Words(
        "请按先前数据的写法书写编号：变更按贡献者逐一判断；若确为其他贡献者，请以另一产品标识发布",
        "write ids as in the earlier data: a change is judged contributor by contributor; if these"
        " are other contributors, publish under another product id",
    ),
)
UNSAFE: Final = Problem(
    "data.unsafe",
    Words(
        "数据中没有可以显示的内容：即使全部 {rows} 行合在一起，贡献者也太少，或有一个占比过大",
        "nothing of the data could be shown: even all {rows} rows together have too few"
        " contributors, or one that outweighs the others",
    ),
    Words(
        "请发布更多数据，或去掉由一个贡献者主导的指标",
        "publish more data, or drop the measure in which one contributor dominates",
    ),
)
