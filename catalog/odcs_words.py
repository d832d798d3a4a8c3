"""What a product file that was made of a data contract says in its comments."""

from __future__ import annotations

from typing import Final

from crypto.words import Words

HEAD: Final = Words(
    "产品文件初稿，由 `voile product import` 根据数据合约 {id} 的对象 {object} 写成；未读数据",
    "first draft of a product file, made by `voile product import` from the object {object} of the"
    " data contract {id}; no data were read",
)
DATA_FIRST: Final = Words(
    "合约没有说明数据文件怎样写数字和日期，有时也没有说明代码和范围。有数据时，再用"
    " voile product draft 得出一份并对照",
    "a contract does not say how the file writes numbers and dates, and seldom all codes and"
    " ranges. With the data at hand, make another draft by voile product draft and compare",
)
NOBODY: Final = Words(
    "发布前必须先决定：贡献者，即隐私的单位。合约没有这个概念，也没有一列的名字说明它",
    "decide first, nothing can be published without: the contributor, the unit of privacy."
    " Contracts have no word for it, and no column says so by its name",
)
BY_NAME: Final = Words(
    "贡献者：隐私的单位，任何人都不得得知其中单独一个的情况。合约没有这个概念；{column} "
    "由名字推测。选错则什么都保护不了",
    "contributor: the unit of privacy, nobody learns about a single one. Contracts have no word for"
    " it; {column} is guessed by its name. With the wrong one nothing is protected",
)
COLUMNS: Final = Words(
    "列。分类不是公开的、主键、唯一的、加密的，以及既非维度也非指标的，都是 never",
    "columns. What is classified other than public, a key, unique or encrypted, and what is neither"
    " dimension nor measure, is never",
)
CLASSIFIED: Final = Words(
    "{column} 的分类是 {classification}，所以是 never",
    "{column} is classified {classification} and so never",
)
NOT_DECLARED: Final = Words(
    "有 {count} 个属性未在此列出：名字无法写入产品文件，或过多；它们列在没有对应的各项中",
    "{count} properties are not listed: a product file cannot name them, or they are too many; they"
    " stand among what has no counterpart",
)
DIGITS: Final = Words(
    "{column} 是数字，但合约没有说明位数：请按数据改正 decimal(位数,小数位)",
    "{column} is a number, and the contract does not say how many digits it has: correct"
    " decimal(digits,places) by the data",
)
NO_DIMENSION: Final = Words(
    "发布前必须先决定：至少一个维度。合约没有列出任何公开列的全部取值（enum）",
    "decide first, nothing can be published without: at least one dimension. The contract lists the"
    " values (enum) of no public column",
)
MEASURES: Final = Words(
    "指标：可求和、求平均。界外的值按界计，界会告知每个询问方；此处取自合约的 minimum 和 "
    "maximum。请为每个指标写上单位（unit）：没有单位的都算可互相比较，须一起保护",
    "measures: what may be summed and averaged. Values beyond the bounds count as the bounds, and"
    " every asker is told them; here they are minimum and maximum of the contract. Give each its"
    " unit: those without one count as comparable and are protected together",
)
NO_MEASURE: Final = Words(
    "没有指标：合约没有给出任何公开数字列的最小值和最大值。指标需要界；没有指标时只能回答行数",
    "no measure: the contract gives a least and a greatest value of no public number. A measure"
    " needs bounds; without one questions count rows only",
)
ZONE: Final = Words(
    "时间带有时区。请写明一天从何处的零点算起，如 `Asia/Shanghai`",
    "timestamps carry a zone. Say where a day begins, like `Asia/Shanghai`",
)
UNMAPPED: Final = Words(
    "合约中以下 {count} 项在产品文件里没有对应，未被采用；请逐项看过：质量规则、服务水平、"
    "价格、角色等不会由连接器执行",
    "these {count} parts of the contract have no counterpart here and are not used; look at each:"
    " quality rules, service levels, prices, roles are not enforced by the connector",
)
ONE: Final = Words("{at}：{value}", "{at}: {value}")
MORE: Final = Words(
    "另有 {count} 项：用 --json 可全部列出", "{count} more: --json lists all of them"
)
