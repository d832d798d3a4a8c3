"""What the second step of the wizard says: what becomes of each cell."""

from __future__ import annotations

from typing import Final

from connector.client import margin_table as figure_words
from connector.client.margin_table import FIGURE as FIGURE_HEAD
from connector.client.margin_table import GROUPED_BY, GROUPS, OVERALL, SHOWN_FIGURES
from crypto.words import Words

TITLE: Final = Words("预览单元格", "Preview of the cells")
INTRO: Final = Words(
    "由发布所用的同一程序制作，不发布任何内容。每个单元格要么公布，要么与邻近的合并，要么扣下",
    "Made by what publishes, and nothing is published. Each cell is shown, merged with its"
    " neighbours, or withheld",
)
NONE_YET: Final = Words("还没有预览", "There is no preview yet")
STALE: Final = Words(
    "预览之后又有更改：请重新预览", "Something was changed since: preview it again"
)
MAKE: Final = Words("制作预览", "Make the preview")
BEGUN: Final = Words("正在制作预览", "The preview is being made")
CLAMPED: Final = Words(
    "允许某个指标有超过 1% 的值越界", "More than 1 % of a measure's values may be out of bounds"
)
WOULD: Final = Words("可以发布", "This could be published")
WOULD_NOT: Final = Words(
    "还不能发布：{count} 处", "This cannot be published yet: {count} {count|finding|findings}"
)
TO_COLUMNS: Final = Words("修改各列", "Change the columns")
FINDINGS: Final = Words("发布会因此被拒绝", "What publishing would be refused for")
UNCHANGED: Final = Words("数据与已发布的相同", "The data are those that are published already")
CELLS: Final = Words("单元格", "Cells")
SUMMARY: Final = Words(
    "有数据行的最细单元格：{count} 个。", "{count} finest {count|cell|cells} with rows."
)
OF_THESE_WAIT: Final = Words(
    "其中 {count} 个等待下一版本。", "{count} of them {count|waits|wait} for a later version."
)
COUNTED: Final = Words(
    "各数字在多少个单元格中单独公布、只与其他合并公布、不公布",
    "Of how many cells each figure is shown alone, shown only in a sum with others, not shown",
)
MAP: Final = Words("每个单元格的结果：{figure}", "What becomes of each cell: {figure}")
MAP_DESC: Final = Words(
    "深色为公布，浅色为合并，划线为扣下，最浅的没有数据行；下表说明每一个",
    "Dark is shown, light is merged, crossed is withheld, the palest has no rows; the table below"
    " says each",
)
FIGURE: Final = Words("看哪个数字", "Which figure")
SHOWN: Final = figure_words.SHOWN
MERGED: Final = figure_words.MERGED
WITHHELD: Final = figure_words.WITHHELD
HELD: Final = Words("保持先前的值", "keeps what was shown before")
WAITING: Final = Words("等待下一版本", "waits for a later version")
NO_ROWS: Final = Words("没有数据行", "no rows")
STATE: Final = Words("结果", "What becomes of it")
WHY: Final = Words("哪条规则", "Which rule")
RULE_MINIMUM: Final = Words("贡献者少于 {least} 个", "fewer than {least} contributors")
RULE_DOMINANCE: Final = Words(
    "最大的 {n} 个贡献者占 {percent} % 以上", "the {n} largest have more than {percent} % of it"
)
RULE_DOMINANCE_ONE: Final = Words(
    "最大的贡献者占 {percent} % 以上", "the largest has more than {percent} % of it"
)
RULE_P: Final = Words("某个贡献者的值可被另一个估出", "one contributor could guess another's value")
RULE_NIL: Final = Words("没有任何贡献者", "nobody has anything of it")
RULE_TAKEN: Final = Words("并入了邻近的不安全单元格", "it took an unsafe neighbour in")
RULE_MEASURE: Final = Words(
    "指标之间的差会泄露个别贡献者", "differences of measures would tell of single contributors"
)
WITH_OTHERS: Final = Words("与另外 {count} 个合并", "merged with {count} {count|other|others}")
MORE_CELLS: Final = Words(
    "此处列出前 {shown} 个，共 {count} 个", "The first {shown} of {count} are listed here"
)
TOO_MANY: Final = Words(
    "单元格超过 600 个，以表格分页列出",
    "There are more than 600 cells: they are listed page by page",
)
MARGINS: Final = Words(
    "各种维度次序下可回答的分组", "What can be answered in other orders of the dimensions"
)
MARGINS_WHY: Final = Words(
    "次序决定什么先合并；首次发布后不能再改。要采用另一次序，请在第 1 步修改重要性",
    "The order decides what is merged first, and is fixed once published. To take another one,"
    " change the importance in step 1",
)
ORDER: Final = Words("次序", "Order")
AS_IS: Final = Words("（当前）", "(as it is)")
FINEST: Final = Words("仍处最细粒度的行", "Rows that stay finest")
GROUPINGS: Final = Words("完整可答的分组方式", "Groupings answered whole")
GROUPINGS_OF: Final = Words("{all} 种中的 {whole} 种", "{whole} of {all}")
NO_TABLE: Final = Words("不能制成表", "no table can be made")
MORE_MARGINS: Final = Words(
    "此处为 {count} 种分组中的前 {shown} 种；`voile publish --check --json` 列出全部",
    "these are the first {shown} of {count} groupings; `voile publish --check --json` lists all",
)
ANSWERED: Final = Words("当前次序下可回答的分组", "What can be answered, grouped by")
SHARES: Final = Words("按界计或舍入的值", "Values beyond bounds, or rounded")
MEASURE: Final = Words("指标", "Measure")
BEYOND: Final = Words("越界", "Beyond bounds")
ROUNDED: Final = Words("舍入", "Rounded")
SHARE: Final = Words("{count} 个（{percent} %）", "{count} ({percent} %)")
NEAR: Final = Words("看起来相同的贡献者", "Contributors that look alike")
NEAR_WHY: Final = Words(
    "只在标点、空格或前导零上不同；若是同一个，请先在文件中统一",
    "They differ in marks, spaces or leading zeros only. If they are one, make them so in the file",
)
ADVICE: Final = Words("什么会有帮助", "What would help")
ADVICE_MEASURE: Final = Words(
    "少提供指标 {name}：涉及 {cells} 个扣下的单元格",
    "Offer the measure {name} no more: {cells} withheld {cells|cell is|cells are} about it",
)
ADVICE_UNITS: Final = Words(
    "为指标 {name} 写明单位：它们只因没有单位才被一起保护",
    "Give a unit to {name}: they are protected together only as they have none",
)
ADVICE_DIMENSION: Final = Words(
    "把 {name} 做成一个维度的代码", "Make {name} codes of one dimension"
)
ADVICE_ORDER: Final = Words("把维度 {name} 放到最后", "Put the dimension {name} last")
ADVICE_CODES: Final = Words(
    "归并维度 {name} 中较小的代码：涉及 {cells} 个单元格",
    "Join small codes of the dimension {name}: {cells} {cells|cell is|cells are} about them",
)
TO_OFFER: Final = Words("前往要约", "Go to the offer")
TO_PUBLISH: Final = Words("前往发布", "Go to publishing")

# said by the template as its own
_SHARED: Final = (
    FIGURE_HEAD,
    GROUPED_BY,
    GROUPS,
    OVERALL,
    SHOWN_FIGURES,
)
