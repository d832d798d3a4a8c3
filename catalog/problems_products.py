"""What can be wrong with a product file."""

from __future__ import annotations

from typing import Final

from crypto.problem import Problem
from crypto.words import Words

_CORRECT: Final = Words("请在产品文件中改正 `{field}`", "correct `{field}` in the product file")
_EXPECTED: Final = Words(
    "`{field}`：应为{expected}，实为{got}", "`{field}`: expected {expected}, got {got}"
)
FIELD: Final = Problem("product.field", _EXPECTED, _CORRECT)
COLUMN_NEEDED: Final = Problem(
    "product.field",
    _EXPECTED,
    Words(
        "请声明列 `{name}`，或写明其计算方式", "declare a column `{name}` or say how it is computed"
    ),
)
TOO_MANY_CELLS: Final = Problem(
    "product.field",
    _EXPECTED,
    Words("请减少维度或代码，或放宽区间", "use fewer dimensions, fewer codes or wider bins"),
)
NAMED_ROWS: Final = Problem(
    "product.field",
    Words("指标 `{name}` 与行数同名", "measure `{name}` has the name of the number of rows"),
    Words(
        "请另取名称；不需要指标，COUNT(*) 即可计行数",
        "give it another name; COUNT(*) counts rows without a measure",
    ),
)
NO_MODE: Final = Problem(
    "product.field",
    Words("`{field}`：本节点没有方式 `{mode}`", "`{field}`: this node brings no mode `{mode}`"),
    Words(
        "请改正产品文件；自定义的方式须在节点中有其代码",
        "correct the product file; a mode of your own needs its code in the node",
    ),
)
EMPTY_LIST: Final = Problem(
    "product.empty-list",
    Words(
        "`{field}` 是空列表：它不会被当作“没有”，也不会被当作“全部”",
        "`{field}` is an empty list: it is taken neither for nobody nor for everybody, neither for"
        " nothing nor for everything",
    ),
    Words(
        "请写明至少一项；或删去此键，即表示：{without}",
        "name at least one, or leave the key out, which means: {without}",
    ),
)
# what it means that a list is not there, by its key
WITHOUT: Final = {
    "recipients": Words(
        "任何已认证的参与方均可接受（不想给任何人，请删去整个要约）",
        "any certified participant may take the offer (to let nobody, remove the whole offer)",
    ),
    "measures": Words(
        '本产品所声明的全部指标（一个都不给，请写 `measures = ["*:count"]`，只计行数）',
        "all measures that the product declares (for none of them, write"
        ' `measures = ["*:count"]`: rows alone are counted)',
    ),
    "dimensions": Words("本产品所声明的全部维度", "all dimensions that the product declares"),
    "cohort": Words("不限定同组供方", "the suppliers of a total are not limited"),
    "purposes": Words("不限用途", "any purpose"),
}
NOT_SAID: Final = Words("未作规定", "nothing is said about it")
KEY: Final = Problem(
    "product.key",
    Words("未知的键 `{field}`；此处可用：{known}", "unknown key `{field}`; known here: {known}"),
    Words("请删去 `{field}`", "remove `{field}`"),
)
DID_YOU_MEAN: Final = Words("是否指 `{near}`？", "did you mean `{near}`?")
TOML: Final = Problem(
    "product.toml",
    Words("产品文件不是 TOML：{why}", "the product file is not TOML: {why}"),
    Words("请改正其中指出的那一行", "correct the line that it names"),
)
LABEL: Final = Problem(
    "product.label",
    _EXPECTED,
    Words(
        "请更改列 `{column}` 的公开方式（disclosure），或不在此处使用它",
        "change the disclosure of column `{column}`, or do not use it here",
    ),
)
SCALE: Final = Problem(
    "product.scale",
    _EXPECTED,
    Words(
        "请写 `scale = …`；超出的小数位四舍五入（此前未写 scale 而发布的产品为 `scale = 0`）",
        "write `scale = …`; more places than that are rounded, half away from zero (a product that"
        " was published without a scale stands at `scale = 0`)",
    ),
)
SCALE_CHANGES: Final = Problem(
    "product.scale",
    Words(
        "产品 `{product}`：指标 `{field}` 发布时的 scale 为 {was}；未写 scale 的文件现在表示 {now}",
        "product `{product}`: measure `{field}` is published with scale {was}; a file that names"
        " none would now mean {now}",
    ),
    Words(
        "请写 `scale = {was}` 以沿用已发布的，或以新标识发布",
        "write `scale = {was}` to go on as published, or publish under a new id",
    ),
)
COMPARABLE: Final = Problem(
    "product.comparable",
    Words("所声明的指标：{why}", "{why}"),
)
ADVICE: Final = Words("{advice}", "{advice}")
BOUNDS: Final = Problem(
    "product.bounds",
    Words(
        "上下限、小数位或等式过宽，无法精确判断全部行之和",
        "the bounds, scales or equations are so wide that sums over all rows could not be judged"
        " exactly",
    ),
    Words(
        "请收窄上下限、减少小数位，或用较小的系数",
        "narrow the bounds, keep fewer decimal places, or use smaller coefficients",
    ),
)
EXPRESSION: Final = Problem(
    "product.expression",
    _EXPECTED,
    Words(
        "请把所读的内容声明为 [[column]]，并只用不含查询的行级 SQL",
        "declare what it reads as a [[column]] and keep to row-level SQL without queries",
    ),
)
OVER_BEFORE: Final = Problem(
    "offer.over-before-it-begins",
    Words(
        "`{field}`：应晚于 `valid_from`（`{begins}`），实为 `{ends}`",
        "`{field}`: expected a time after `valid_from`, which is `{begins}`, got `{ends}`",
    ),
    Words(
        "请改正其中之一：照此任何人都无法接受该要约",
        "correct one of the two: as they stand, nobody could ever take the offer",
    ),
)

# what came
NOTHING: Final = Words("空", "nothing")
AN_ARRAY_OF: Final = Words(" {count} 项的数组", "an array of {count}")
A_TABLE_CAME: Final = Words("表", "a table")
A_KIND: Final = Words(" {kind}", "a {kind}")
QUOTED: Final = Words("“{text}”", "`{text}`")
CHARACTERS: Final = Words("{count} 个字符", "{count} characters")
AN_OFFER_WITHOUT: Final = Words(
    "第 {level} 级数据的要约没有这些", "an offer of level {level} data without"
)
OUT_OF_ORDER: Final = Words("顺序不对的边界", "edges out of order")
OTHERS: Final = Words("其他数值", "others")
BOTH: Final = Words("两者并用", "both")

# what was expected
A_TABLE: Final = Words("表", "a table")
A_TEXT_OF: Final = Words("1 至 {most} 个字符的文本", "a text of 1 to {most} characters")
A_TEXT: Final = Words("文本", "a text")
NO_TEXT_TWICE: Final = Words("不重复的文本", "no text twice")
A_NUMBER: Final = Words("数值", "a number")
TRUE_OR_FALSE: Final = Words("`true` 或 `false`", "`true` or `false`")
LOWER_CASE: Final = Words("小写字母、数字和 `-`", "lower-case letters, digits and `-`")
A_NAME: Final = Words(
    "名称：至多 63 个小写字母或汉字等文字、数字、`_`，以文字开头，不用全角，不混用形近的字母",
    "a name of at most 63 lower-case letters of any script, digits 0 to 9 and `_`, a letter first,"
    " not in full width, and not of alphabets that look alike",
)
NO_WORD_OF_SQL: Final = Words("不是 SQL 保留字的名称", "a name that is no word of SQL")
TEXT_OR_TABLE: Final = Words(
    "文本，或含 `zh` 和 `en` 的表", "a text, or a table with `zh` and `en`"
)
NO_OTHER_OFFER: Final = Words("其他要约没有的名称", "a name that no other offer has")
NO_OTHER_COLUMN: Final = Words("其他列没有的名称", "a name that no other column has")
NO_OTHER_PART: Final = Words(
    "其他维度和指标没有的名称", "a name that no other dimension or measure has"
)
NO_PART: Final = Words("既非维度也非指标的列", "a column that is no dimension and no measure")
DECLARED_COLUMN: Final = Words("已声明的列名", "the name of a declared column")
CASE_OF_TEXT: Final = Words("仅在贡献者为文本时使用", "it only where the contributor is a text")
A_ZONE: Final = Words(
    "IANA 时区名，如 `Asia/Shanghai`", "a zone of the IANA list like `Asia/Shanghai`"
)
FILE_OF: Final = Words("至多 {most} 字节的产品文件", "a product file of at most {most} bytes")
CELLS: Final = Words("至多 {most} 个代码组合", "at most {most} combinations of codes")
TYPES: Final = Words(
    "text、integer、decimal(位数, 小数位)、date、timestamp、boolean 之一",
    "one of text, integer, decimal(digits, places), date, timestamp, boolean",
)
DIGITS: Final = Words(
    "1 至 30 位数字，小数点后至多 12 位", "1 to 30 digits, at most 12 after the point"
)
NEVER_ALONE: Final = Words("单独的 `never`，或其他标签", "`never` alone, or other labels")
AN_EXPRESSION: Final = Words(
    "表达式，因为没有列 `{name}`", "an expression, as there is no column `{name}`"
)
LABELLED: Final = Words("标为 {need} 的列", "columns labelled {need}")
TO_GROUP_OR_FILTER: Final = Words(
    "group_key、filter 或 plaintext", "group_key, filter or plaintext"
)
TO_GROUP: Final = Words("group_key 或 plaintext", "group_key or plaintext")
TO_AGGREGATE: Final = Words("aggregate 或 plaintext", "aggregate or plaintext")
ONE_CODING: Final = Words(
    "`codes`、`range`、`bins` 中恰好一项", "exactly one of `codes`, `range`, `bins`"
)
BESIDE_BINS: Final = Words("只与 `bins` 同用", "it only beside `bins`")
NO_CODE_TWICE: Final = Words("不重复的代码", "no code twice")
FIRST_AND_LAST: Final = Words("首、末两个整数", "two whole numbers, first and last")
IN_ORDER: Final = Words("首数不大于末数，至多 {most} 个代码", "first <= last, at most {most} codes")
ASCENDING: Final = Words("递增的边界", "ascending edges")
WHOLE_EDGES: Final = Words("整数，如 `whole = true` 所述", "whole numbers, as `whole = true`")
FINITE: Final = Words(
    "至多 {scale} 位小数的有限数值", "finite numbers with at most {scale} decimal places"
)
LOWER_FIRST: Final = Words("下限在前", "the lower bound first")
HOLDING_ZERO: Final = Words(
    '包含 0 的上下限，如 `empty = "zero"` 所需', 'bounds that hold 0, as `empty = "zero"`'
)
PLACES_OF: Final = Words(
    "指标 `{name}` 保留的小数位数，因其值可能带小数",
    "the decimal places that measure `{name}` keeps, as its values can have some",
)
PAIRS: Final = Words("数对，如 `[1, 75]`", "pairs like `[1, 75]`")
MEASURES_HERE: Final = Words(
    "本产品的指标名称，或 `rows`", "names of measures of this product, or `rows`"
)
COEFFICIENTS: Final = Words(
    "绝对值至多 {most} 的整系数，且不为 0", "whole coefficients up to {most}, and none of 0"
)
NO_NAME_TWICE: Final = Words("不重复的名称", "no name twice")
A_MEASURE: Final = Words("至少一个指标", "at least one measure")
TERMS: Final = Words("各项，如 `100 * tax - 19 * net`", "terms like `100 * tax - 19 * net`")
TERMS_OR_TABLE: Final = Words(
    "文本，如 `100 * tax - 19 * net`，或系数表",
    "a text like `100 * tax - 19 * net`, or a table of coefficients",
)
WHOLE: Final = Words("整数", "a whole number")
AN_AGGREGATOR: Final = Words(
    "汇总方的 DID，与 homomorphic 方式同用", "the DID of who adds up, beside mode homomorphic"
)
BESIDE_HOMOMORPHIC: Final = Words("只与 homomorphic 方式同用", "it only beside mode homomorphic")
PURPOSES: Final = Words("{known} 之一，或{other}", "one of {known}, or {other}")
NO_OFFER: Final = Words(
    "没有任何要约：第 3 级数据不提供", "no offer at all: level 3 data is not offered"
)
NAMED_TERMS: Final = Words(
    "`purposes` 和 `recipients`：第 2 级数据只为写明的用途提供给写明的接收方",
    "`purposes` and `recipients`: level 2 data goes to named recipients for a purpose",
)
TABLE_DESCRIBED: Final = Words("表的描述", "the description of a table")
A_DECIMAL: Final = Words("写成文本的十进制数", "a decimal number as text")

# expressions
SO_LONG: Final = Words("至多 {most} 个字符的表达式", "an expression of at most {most} characters")
OVER_A_ROW: Final = Words("对一行各列的表达式", "an expression over the columns of one row")
ONE_EXPRESSION: Final = Words("一个表达式", "one expression")
OPERATORS: Final = Words(
    "运算符（{operators}）和函数（{functions}）",
    "operators ({operators}) and functions ({functions})",
)
CASTS: Final = Words(
    "转换为 integer、decimal、text、date 或 boolean",
    "a cast to integer, decimal, text, date or boolean",
)
COLUMNS: Final = Words("已声明的列（{known}）", "a declared column ({known})")
A_COLUMN: Final = Words("至少一列", "at least one column")
