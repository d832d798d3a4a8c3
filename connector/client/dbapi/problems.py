"""What can be wrong with a statement, its parameters or the use of a cursor."""

from __future__ import annotations

from typing import Final

from crypto.problem import Problem
from crypto.words import Words

_SELECT: Final = Words("请写 SELECT … FROM …", "write SELECT … FROM …")
READ_ONLY: Final = Problem(
    "statement-unfit",
    Words("`{word}`：此处只能提问", "`{word}`: here one can only ask"),
    _SELECT,
)
COMMENT: Final = Problem(
    "statement-unfit",
    Words("语句含有注释", "the statement has a comment"),
    Words("请去掉注释", "leave it out"),
)
NESTED: Final = Problem(
    "statement-nested",
    Words("问题不能有子查询", "a question has no sub-query"),
    Words("请写成：{flat}", "write it flat: {flat}"),
)
NESTED_DEEPLY: Final = Problem(
    "statement-nested",
    Words("问题不能有子查询", "a question has no sub-query"),
    Words("请只用一个 SELECT 提问", "ask with one plain SELECT"),
)
MARKS: Final = Problem(
    "parameters-unfit",
    Words(
        "语句有 {marks} 个 `?`，给出了 {given} 个参数",
        "the statement has {marks} `?`, and {given} parameters were given",
    ),
    Words("请逐一给出参数", "give one for each"),
)
NO_SEQUENCE: Final = Problem(
    "parameters-unfit",
    Words("参数不是列表或元组", "the parameters are no list or tuple"),
    Words("请按 `?` 的次序给出", "give them in the order of the `?`"),
)
PARAMETER: Final = Problem(
    "parameters-unfit",
    Words("第 {place} 个参数不能写成字面量：{kind}", "parameter {place} is no literal: {kind}"),
    Words(
        "请用文本、整数、decimal.Decimal 或日期",
        "use a text, a whole number, a decimal.Decimal or a date",
    ),
)
MARK_TOUCHES: Final = Problem(
    "parameters-unfit",
    Words(
        "第 {place} 个 `?` 紧挨着名称、数字或文本",
        "`?` number {place} touches a name, a number or a text",
    ),
    Words("请用空格、逗号或运算符隔开", "set it apart by a space, a comma or an operator"),
)
MINUS_TWICE: Final = Problem(
    "parameters-unfit",
    Words(
        "第 {place} 个 `?` 前有减号，而其参数 {value} 也为负",
        "`?` number {place} stands behind a minus, and its parameter {value} is negative, too",
    ),
    Words(
        "请去掉 `?` 前的减号，正负由参数给出",
        "leave the minus before it out, and give the parameter the sign that you mean",
    ),
)
MANY: Final = Problem(
    "statement-unfit",
    Words("不能成批执行", "questions are not asked in bulk"),
    Words("请逐一执行", "ask them one by one"),
)
CLOSED: Final = Problem(
    "cursor-closed",
    Words("连接或游标已关闭", "the connection or the cursor is closed"),
    Words("请重新打开", "open another one"),
)
NOTHING_ASKED: Final = Problem(
    "cursor-empty",
    Words("尚未提问", "nothing was asked yet"),
    Words("请先执行 execute", "execute a question first"),
)
COLUMNS_UNMATCHED: Final = Problem(
    "columns-unmatched",
    Words(
        "问题 {question} 的回答，其各列无法与问题逐一对应",
        "the columns of the answer to question {question} cannot be matched with the question",
    ),
    Words(
        "回答见游标的 answer；请核对连接器与本程序的版本",
        "see `answer` of the cursor, and whether the connector is of this version",
    ),
)
URL_OPTION: Final = Problem(
    "url-unfit",
    Words("URL 中不能有 {given}", "a URL has no place for {given}"),
    Words(
        "voile://HOME/AGREEMENT?purpose=…；可用 {known}；令牌用 connect_args 给出",
        "voile://HOME/AGREEMENT?purpose=…, with {known}; give a token by connect_args",
    ),
)
NO_PURPOSE: Final = Problem(
    "purpose-missing",
    Words("没有写明用途", "no purpose is named"),
    Words(
        "请写明 purpose，例如 deliveryReliability",
        "name a `purpose`, such as deliveryReliability",
    ),
)
