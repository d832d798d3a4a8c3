"""Phrases about questions that are not in the language or not about what is declared."""

from __future__ import annotations

from typing import Final

QUESTION: Final = {
    "question.empty": ("问题为空。", "The question is empty."),
    "question.too-long": (
        "问题过长：上限 {expected}。",
        "The question is too long: at most {expected}.",
    ),
    "question.character": (
        "字符 {given} 不能出现在问题中。",
        "The character {given} has no place in a question.",
    ),
    "question.comment": (
        "问题中不得有注释（在 {given} 附近）。",
        "A question has no comments (near {given}).",
    ),
    "question.parameter": (
        "问题中不得有参数 {given}。",
        "A question has no parameters, found {given}.",
    ),
    "question.statements": (
        "一次只能提一个问题，此处开始了第二条语句。",
        "One question at a time; here a second statement begins.",
    ),
    "question.deep": ("问题嵌套过深。", "The question is nested too deep."),
    "question.complex": (
        "WHERE 条件组合过于复杂。",
        "The conditions of WHERE combine into too many cases.",
    ),
    "question.unfinished": (
        "问题不完整：缺少 {expected}。",
        "The question is not finished: it lacks {expected}.",
    ),
    "question.malformed": (
        "问题在 {given} 附近无法解析。",
        "The question cannot be read near {given}.",
    ),
    "question.not-select": (
        "问题以 SELECT 开头，而非 {given}。",
        "A question begins with SELECT, not with {given}.",
    ),
    "question.no-table": ("问题缺少 FROM。", "The question lacks FROM."),
    "question.not-allowed": (
        "{given} 不属于问题语言。",
        "{given} is not in the question language.",
    ),
    "question.subquery": (
        "问题中不得有子查询。",
        "A question has no sub-query.",
    ),
    "question.join": (
        "问题只针对一张表，不得连接。",
        "A question is about one table; it has no join.",
    ),
    "question.set-operation": (
        "问题中不得有 {given}。",
        "A question has no {given}.",
    ),
    "question.cte": ("问题中不得有 WITH。", "A question has no WITH."),
    "question.window": (
        "窗口函数不属于问题语言。",
        "Window functions are not in the question language.",
    ),
    "question.filter-clause": (
        "聚合不得带 FILTER。",
        "An aggregate has no FILTER.",
    ),
    "question.expression": (
        "不得计算表达式（{given}）：聚合只作用于声明的指标。",
        "Nothing is computed here ({given}): aggregates take declared measures only.",
    ),
    "question.distinct": (
        "{given} 不属于问题语言。",
        "{given} is not in the question language.",
    ),
    "question.single-values": (
        "{given} 会泄露单个取值，故不予回答。",
        "{given} reveals single values, so it is not answered.",
    ),
    "question.variance": (
        "{given} 需要声明平方和，本版本尚不支持。",
        "{given} needs declared sums of squares, which are not supported yet.",
    ),
    "question.count-distinct": (
        "本版本不回答贡献者计数（COUNT DISTINCT）。",
        "COUNT(DISTINCT …) is not answered in this version.",
    ),
    "question.count-column": (
        "COUNT 只用于 *（行数）或一个指标（有取值的行数）。",
        "COUNT takes * (the number of rows) or a measure (how many rows have a value).",
    ),
    "question.function": (
        "该函数不属于问题语言。",
        "This function is not in the question language.",
    ),
    "question.null": (
        "问题中没有 NULL：缺失值如有意义，会声明为一个代码。",
        "A question has no NULL: where missing values mean something they are a declared code.",
    ),
    "question.star": (
        "不得使用 *：答案从不含原始行。",
        "There is no *: an answer never holds rows.",
    ),
    "question.not-a-literal": (
        "此处应为文字或数字，实际为 {given}。",
        "Here stands {given}; expected a text or a number.",
    ),
    "question.not-a-number": (
        "此处应为数字，实际为 {given}。",
        "Here stands {given}; expected a number.",
    ),
    "question.not-a-condition": (
        "此处应为条件，实际为 {given}。",
        "Here stands {given}; expected a condition.",
    ),
    "question.group-by": (
        "GROUP BY 只列维度名称，而非 {given}。",
        "GROUP BY lists dimensions by name, not {given}.",
    ),
    "question.ordinal": (
        "ORDER BY 须写名称，不写序号。",
        "ORDER BY names what it orders by, not a number.",
    ),
    "question.limit": (
        "LIMIT 应为 {expected}，实际为 {given}。",
        "LIMIT takes {expected}, got {given}.",
    ),
    "question.nothing-aggregated": (
        "SELECT 中没有聚合；可用：{expected}。",
        "SELECT has no aggregate; there are {expected}.",
    ),
    "question.not-grouped": (
        "维度 {given} 未列入 GROUP BY。",
        "The dimension {given} is not in GROUP BY.",
    ),
    "question.aggregate-in-where": (
        "WHERE 中不得有聚合。",
        "WHERE has no aggregates.",
    ),
    "question.not-an-output": (
        "{given} 不是 SELECT 中的聚合。",
        "{given} is not an aggregate of SELECT.",
    ),
    "question.unknown-table": (
        "表 {given} 未声明；该产品的表为 {expected}。",
        "The table {given} is not declared; the product's table is {expected}.",
    ),
    "question.unknown-column": (
        "列 {given} 未声明；此处可用：{expected}。",
        "The column {given} is not declared; here one can use {expected}.",
    ),
    "question.contributor": (
        "列 {given} 标识贡献者，永不可用；此处可用：{expected}。",
        "The column {given} identifies contributors and is never available; there are {expected}.",
    ),
    "question.label-never": (
        "列 {given} 的标签为“永不披露”；此处可用：{expected}。",
        "The column {given} is labelled `never`; here one can use {expected}.",
    ),
    "question.label": (
        "列 {given} 的披露标签不允许此用法；此处可用：{expected}。",
        "The label of column {given} does not allow this use; here one can use {expected}.",
    ),
    "question.not-in-table": (
        "列 {given} 不在受保护的表中；此处可用：{expected}。",
        "The column {given} is not part of the protected table; here one can use {expected}.",
    ),
    "question.is-dimension": (
        "列 {given} 是维度，不能聚合；可聚合：{expected}。",
        "The column {given} is a dimension and is not aggregated; there are {expected}.",
    ),
    "question.is-measure": (
        "列 {given} 是指标，不能用于分组或过滤；可用：{expected}。",
        "The column {given} is a measure: no grouping or filter by it; there are {expected}.",
    ),
    "question.function-not-listed": (
        "所有者未列出 {given}；该指标可用：{expected}。",
        "The owner does not list {given}; this measure has {expected}.",
    ),
    "question.no-order": (
        "维度代码没有大小之分（{given}）；可用代码：{expected}。",
        "These codes have no order ({given}); declared are {expected}.",
    ),
    "question.inside-bin": (
        "{given} 会切开一个区间；边界为：{expected}。",
        "{given} would cut through a bin; the edges are {expected}.",
    ),
    "question.undeclared-code": (
        "{given} 不是声明的代码；已声明：{expected}。",
        "{given} is not a declared code; declared are {expected}.",
    ),
    "question.matches-nothing": (
        "WHERE 排除了所有声明的代码。",
        "WHERE leaves no declared code.",
    ),
}
