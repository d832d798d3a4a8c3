"""What can be wrong with the owner's expressions over the columns of a data file."""

from __future__ import annotations

from typing import Final

from crypto.problem import Problem
from crypto.words import Words

ABOUT: Final = Words("{where}：{why}", "{where}: {why}")
A_DIMENSION: Final = Words("维度 `{name}`", "dimension `{name}`")
A_MEASURE: Final = Words("指标 `{name}`", "measure `{name}`")

UNFIT_SOMEWHERE: Final = Problem(
    "data.type",
    Words("有表达式与其各列的类型不符", "an expression does not fit the types of its columns"),
    Words(
        "请改正表达式，或把所读的列转换为 integer、decimal(…)、text、date 或 boolean",
        "correct the expression, or cast what it reads to integer, decimal(…), text, date or"
        " boolean",
    ),
)
TOO_WIDE: Final = Problem(
    "data.type",
    Words(
        "有值超出表达式为其规定的类型",
        "a value does not fit the type that an expression gives it",
    ),
    Words(
        "请在产品文件的表达式中转换为更宽的类型",
        "cast to a wider type in the product file's expressions",
    ),
)
NO_CAST: Final = Problem(
    "data.type",
    Words(
        "表达式把文本转换为 {kind}，而某行的文本不是",
        "an expression casts a text to {kind} that is none in some row",
    ),
    Words(
        "请把该列声明为 {kind}：随后会指出第一个错误的值",
        "declare the column as {kind}: its first wrong value is then named",
    ),
)
DIVIDES_BY_ZERO: Final = Problem(
    "data.expression",
    Words("表达式在某行除以零", "an expression divides by zero in some row"),
    Words(
        "请把除数写成 `nullif(x, 0)`：随后会指出没有值的行",
        "write `nullif(x, 0)` for the divisor: rows without a value are then named",
    ),
)
GIVES: Final = Problem(
    "data.type",
    Words(
        "{where}：应为{expected}，其表达式给出 {got}",
        "{where}: expected {expected}, its expression gives {got}",
    ),
    Words(
        "请改正表达式，或把结果转换为 integer 或 decimal(…)",
        "correct the expression, or cast its result to integer or decimal(…)",
    ),
)
WHOLE_NUMBERS: Final = Words("整数", "whole numbers")
NUMBERS: Final = Words("数值", "numbers")

# operands of other types than they stand with
NO_CONDITION: Final = Problem(
    "data.type",
    Words(
        "有表达式与其各列的类型不符：`{text}` 中的 `{given}` 是{kind}，不是条件",
        "an expression does not fit the types of its columns: `{given}` in `{text}` is {kind} and"
        " no condition",
    ),
    Words("请与某值比较，如 `{given} = …`", "compare it with something, like `{given} = …`"),
)
A_TEXT_INSIDE: Final = Problem(
    "data.type",
    Words(
        "有表达式与其各列的类型不符：`{text}` 中的 `{given}` 是文本",
        "an expression does not fit the types of its columns: `{given}` in `{text}` is a text",
    ),
    Words(
        "请转换：`cast({given} as …)`；数值不加引号",
        "cast it: `cast({given} as …)`; a number is written without quotes",
    ),
)
BESIDE_TEXT: Final = Problem(
    "data.type",
    Words(
        "有表达式与其各列的类型不符：`{text}` 把文本（`{given}`）与{kind}（`{other}`）放在一起",
        "an expression does not fit the types of its columns: `{text}` puts a text (`{given}`)"
        " beside {kind} (`{other}`)",
    ),
    Words(
        "请把文本转换为其实际类型：`cast({given} as …)`，或在声明列时写明",
        "cast the text to what it is, `cast({given} as …)`, or declare its column so",
    ),
)
QUOTED: Final = Problem(
    "data.type",
    Words(
        "有表达式与其各列的类型不符：`{text}` 把文本（`{given}`）与{kind}放在一起",
        "an expression does not fit the types of its columns: `{text}` puts a text (`{given}`)"
        " beside {kind}",
    ),
    Words(
        "数值请不加引号；时间跨度请用 `date_diff`",
        "write a number without quotes, and a span of time by `date_diff`",
    ),
)
CONSTANT: Final = Problem(
    "data.type",
    Words(
        "有表达式与其各列的类型不符：`{text}`：应为{expected}，实为 `{got}`",
        "an expression does not fit the types of its columns: `{text}`: expected {expected}, got"
        " `{got}`",
    ),
    Words("请在产品文件中改正该常量", "correct the constant in the product file"),
)
NOT_WHOLE: Final = Problem(
    "data.type",
    Words(
        "有表达式与其各列的类型不符：`{text}` 中的 `//` 用于整数相除，而 `{given}` 不是整数",
        "an expression does not fit the types of its columns: `//` in `{text}` divides whole"
        " numbers, `{given}` is none",
    ),
    Words(
        "请写 `floor(x / y)`，或用 `/` 并写明小数位",
        "write `floor(x / y)`, or `/` and a scale",
    ),
)

# kinds of operands
A_TEXT: Final = Words("文本", "a text")
A_NUMBER: Final = Words("数值", "a number")
A_DATE: Final = Words("日期", "a date")
A_TIME: Final = Words("时间", "a time")
A_CONDITION: Final = Words("条件", "a condition")
A_SPAN: Final = Words("时间跨度", "a span of time")
OF_TYPE: Final = Words("{type} 类型", "of type {type}")

# what columns and constants look like
A_WHOLE_NUMBER: Final = Words("整数", "a whole number")
DIGITS: Final = Words(
    "最多 {digits} 位数字、小数点后 {scale} 位的数值",
    "a number of {digits} digits, {scale} after the point",
)
LIKE_A_DATE: Final = Words("日期，如 2026-11-21", "a date like 2026-11-21")
WITH_ZONE: Final = Words(
    "带时区的日期和时间，如 2026-11-21T08:30:00+08:00",
    "a date and time with its zone like 2026-11-21T08:30:00+08:00",
)
WITHOUT_ZONE: Final = Words(
    "不带时区的日期和时间，如 2026-11-21 08:30:00",
    "a date and time without a zone like 2026-11-21 08:30:00",
)
TRUE_OR_FALSE: Final = Words("true 或 false", "true or false")
LIKE_A_TIME: Final = Words(
    "日期，或不带时区的日期和时间，如 2026-11-21 08:30",
    "a date, or a date and time without a zone like 2026-11-21 08:30",
)
LIKE_AN_INSTANT: Final = Words(
    "日期，或日期和时间，如 2026-11-21 08:30 或 2026-11-21T08:30:00+08:00",
    "a date, or a date and time like 2026-11-21 08:30 or 2026-11-21T08:30:00+08:00",
)
NO_MORE_DIGITS: Final = Words(
    "小数位数不超过该类型的数值",
    "a number with no more digits after the point than the type has",
)
