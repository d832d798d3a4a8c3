"""What a table that cannot be published as declared has wrong, and what helps its owner."""

from __future__ import annotations

from typing import Final

from crypto.words import Words

EMPTY: Final = Words(
    "{measure} 在某行为空，而未声明其含义",
    "{measure} is empty in a row, and it is not declared what that means",
)
COMPARABLE: Final = Words(
    "可比指标超过 {most} 个（{names}）", "more than {most} comparable measures ({names})"
)
FEWER_COMPARABLE: Final = Words(
    "请声明其单位，把互斥的指示项改为一个维度，或在一个产品中少提供几个",
    "declare their units, make a dimension of indicators that exclude each other, or offer fewer"
    " in one product",
)
UNDECLARED: Final = Words(
    "有等式使用了未声明的指标", "an equation names figures that are not declared"
)
THESE: Final = Words("{names}", "{names}")
VERSIONS: Final = Words(
    "一个产品至多有 {most} 个数据版本", "a product has at most {most} data versions"
)
NEW_PRODUCT: Final = Words("请另建产品", "make a new product")
GROUPINGS: Final = Words(
    "带符号的形式涉及超过一百万个分组单元",
    "signed forms on more than a million cells of groupings",
)
COARSER: Final = Words("请使用较粗的维度", "use coarser dimensions")
TELLS: Final = Words(
    "`{form}` 在{where}会泄露过多，因而 `{name}` 不能处处发布",
    "`{form}` would tell too much {where}, so that `{name}` cannot be released everywhere",
)
IN_MERGED: Final = Words("合并单元的一部分中", "in a part of a merged cell")
IN_CODES: Final = Words("某组代码上", "in some set of codes")
LESS: Final = Words(
    "请使用较粗的代码或另一维度顺序，少提供一个指标，或允许不发布部分单元"
    '（on_conflict = "withhold"）',
    "use coarser codes or another order of the dimensions, offer one measure less, or let cells be"
    ' withheld (on_conflict = "withhold")',
)

# tables that several providers share
UNLIKE: Final = Words("{measure} 在 `{did}` 处{what}", "{measure} has {what} at `{did}`")
ALIKE: Final = Words("请一致声明，或不纳入它", "declare it alike, or leave it out")
OTHER_UNIT: Final = Words("的单位或小数位不同", "another unit or other decimal places")
OTHER_EMPTY: Final = Words("的空值规则不同", "other empty values")
OTHER_BOUNDS: Final = Words("的上下限不同", "other bounds")
OTHERWISE: Final = {each.en: each for each in (OTHER_UNIT, OTHER_EMPTY, OTHER_BOUNDS)}
TOO_LARGE: Final = Words("联合统计表过大，无法更新", "the cohort table is too large to be renewed")
MORE_THAN: Final = Words("它有超过 {of}", "it has more than {of}")
CLASSES: Final = Words("{count} 个类", "{count} classes")
FORMS: Final = Words("{count} 个集合上的形式", "{count} forms on sets")
IN_SETS: Final = Words("{count} 个形式所涉集合中的类", "{count} classes in the sets of its forms")
CELLS: Final = Words("{count} 个分组单元", "{count} cells of groupings")
SETS: Final = Words("{count} 个待查的集合", "{count} sets to look through")
