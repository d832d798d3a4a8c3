"""What can be wrong with a publication, or with what is kept of a product."""

from __future__ import annotations

from typing import Final

from crypto.problem import Problem
from crypto.words import Words

# what a publication contradicts
CHANGED: Final = Problem(
    "product.changed",
    Words(
        "产品 `{product}` 在您看过之后已被更改、撤回或收回；未改变任何内容",
        "product `{product}` was changed, withdrawn or taken back since you saw it; nothing was"
        " changed",
    ),
    Words(
        "请查看现在的内容后再决定",
        "look at what stands now, then decide again",
    ),
)
RACED: Final = Problem(
    "product.raced",
    Words(
        "产品 `{product}` 其间已被他人发布",
        "product `{product}` was published by somebody else meanwhile",
    ),
    Words("请重新发布", "publish again"),
)
IS_FILE: Final = Problem(
    "product.kind",
    Words("产品 `{product}` 是文件产品", "product `{product}` is a file product"),
    Words("请以另一标识发布该表", "publish the table under another id"),
)
IS_TABLE: Final = Problem(
    "product.kind",
    Words("产品 `{product}` 是受保护表", "product `{product}` is a protected table"),
    Words("请以另一标识发布该文件", "publish the file under another id"),
)
NOT_AGREED_DATA: Final = Problem(
    "product.not-agreed-data",
    Words(
        "产品 `{product}` 的数据文件已不是获得同意的那一份",
        "the data file of product `{product}` is not the one that was agreed to",
    ),
    Words("请重新提出发布申请", "publish again, and have it agreed to again"),
)
NO_DATA: Final = Problem(
    "product.data",
    Words("产品 `{product}` 尚无数据", "product `{product}` has no data yet"),
    Words(
        "请给出 CSV 或 Parquet 文件：voile publish PRODUCT.toml DATA",
        "name a CSV or Parquet file: voile publish PRODUCT.toml DATA",
    ),
)
NO_FILE: Final = Problem(
    "product.data",
    Words("产品 `{product}` 在此没有文件", "product `{product}` has no file here"),
    Words(
        "请给出 CSV 或 Parquet 文件：voile publish PRODUCT.toml DATA",
        "name a CSV or Parquet file: voile publish PRODUCT.toml DATA",
    ),
)
FIRST_EDITION: Final = Problem(
    "product.first-edition-table",
    Words(
        "产品 `{product}` 的表属于第一版，发布时先重新生成；检查无法预见其结果",
        "the table of product `{product}` is of the first edition and is made anew before it is"
        " published; a check cannot foresee what comes of that",
    ),
    Words(
        "请重新启动连接器，使其重新生成该表", "start the connector again, so that it is made anew"
    ),
)
RESHAPED: Final = Problem(
    "product.reshaped",
    Words(
        "产品 `{product}` 的{part}一经发布不能更改：{why}",
        "product `{product}`: once published, it cannot change {part}: {why}",
    ),
    Words(
        "按另一方式切分的表会使先前的保护失效；请保持不变，或以另一标识发布其他数据行",
        "a table cut in another way could undo the first; keep it, or publish other rows under"
        " another id",
    ),
)
PARTS: Final = {  # of what must stay, by their names in `Product.shape`
    "contributor": Words("贡献者", "the contributor"),
    "contributorCase": Words("贡献者大小写的处理方式", "how the case of contributors is read"),
    "dimensions": Words("维度", "the dimensions"),
    "measures": Words("指标", "the measures"),
    "rules": Words("保护规则", "the rules of protection"),
    "zeros": Words("零值单元格的处理方式", "what becomes of cells without rows"),
    "columns": Words("所读的列", "the columns that are read"),
    "zone": Words("时区", "the zone"),
    "empty_contributor": Words(
        "没有贡献者的行的处理方式", "what becomes of rows without a contributor"
    ),
    "nil": Words("全为零的数字的处理方式", "what becomes of figures that are all nil"),
    "indicatorCarriers": Words("指示性指标的贡献者下限", "the least contributors of indicators"),
    "equations": Words("指标之间的等式", "the equations of measures"),
}
CODES_OF: Final = Words("维度 {name} 的代码", "the codes of dimension {name}")
ONLY_APPENDED: Final = Words("代码只能追加", "codes may only be appended")
DIFFERS: Final = Words("它与先前数据版本的不同", "it differs from the earlier data version's")
CLAMPED: Final = Problem(
    "product.clamped",
    Words(
        "指标 `{measure}`：{rows} 个值中有 {count} 个（{percent} %）超出上下限 [{lower}, {upper}]，"
        "将被截断",
        "measure `{measure}`: {count} of {rows} values ({percent} %) lie outside the bounds"
        " [{lower}, {upper}] and would be clamped",
    ),
    Words(
        "请放宽上下限（一经发布不能更改）或改正数据；若确应如此，请以 `--accept-clamped` 发布",
        "widen the bounds (they are fixed once published) or correct the data; if it shall be so,"
        " publish with `--accept-clamped`",
    ),
)
SAME_ROWS: Final = Problem(
    "product.same-rows",
    Words(
        "该文件已作为产品 `{other}` 发布",
        "this file is published already, as product `{other}`",
    ),
    Words(
        "同一批数据行的两张表会互相破坏保护：请只发布一张",
        "two tables over the same rows could undo each other: publish one table",
    ),
)
LIKE_ROWS: Final = Problem(
    "product.like-rows",
    Words(
        "有 {common} 个贡献者与产品 `{other}` 的相同，且行数相近：似为同一批数据行",
        "{common} contributors are those of product `{other}`, which has about as many rows: these"
        " seem to be the same rows",
    ),
    Words(
        "同一批数据行的两张表会互相破坏保护：请只发布一张；若确为其他数据行，"
        "请在产品文件中写 `separate_rows = true`",
        "two tables over the same rows could undo each other: publish one table; if these are other"
        " rows, say `separate_rows = true` in the product file",
    ),
)

# what the core refuses
REFUSED: Final = Problem(
    "product.refused",
    Words("产品 `{product}`：{why}", "product `{product}`: {why}"),
    Words(
        "请见 docs/product-file.md 中关于可比指标的说明",
        "see docs/product-file.md on comparable measures",
    ),
)
CONFLICT: Final = Problem(
    "product.conflict",
    Words(
        "产品 `{product}`：（{where}）的{form}{part}{lacks}：（{cell}）的 `{measure}` 不能发布，"
        '而产品写明 on_conflict = "refuse"',
        "product `{product}`: {form} on ({where}){part} {lacks}: `{measure}` of ({cell}) cannot be"
        ' released, and the product says on_conflict = "refuse"',
    ),
)
ADVICE: Final = Words("{advice}", "{advice}")
AT_A_BOUND: Final = Words(
    "（若其单元的其余各行取上下限值）", ", if the other rows of its cell are at a bound"
)
FEW_CONTRIBUTORS: Final = Words(
    "所涉贡献者少于 {needed} 个", "concerns fewer than {needed} contributors"
)
DOMINATED: Final = Words(
    "超过 {needed} % 出自至多 {largest} 个贡献者",
    "is more than {needed} % that of {largest} contributors or fewer",
)
GUESSED: Final = Words(
    "使一个贡献者可把另一个估计到误差 {needed} % 以内",
    "lets one contributor guess another to less than {needed} %",
)
ALL_NIL: Final = Words("对所有贡献者都为零", "is nil for every contributor")

# what is kept
NOT_PUBLISHED: Final = Problem(
    "product-missing",
    Words("没有已发布的产品 `{product}`", "no product `{product}` is published"),
    Words("请查看 `voile products`", "see `voile products`"),
)
NO_FILE_VERSION: Final = Problem(
    "product.version.missing",
    Words("文件产品 `{product}` 没有数据版本", "file product `{product}` has no data version"),
    Words("请重新发布其文件", "publish its file again"),
)
NO_VERSION: Final = Problem(
    "product.version.missing",
    Words("产品 `{product}` 没有数据版本", "product `{product}` has no data version"),
    Words("请重新发布其数据", "publish its data again"),
)
TABLE_DAMAGED: Final = Problem(
    "product.table.damaged",
    Words(
        "产品 `{product}` 的受保护表已损坏",
        "the protected table of product `{product}` is damaged",
    ),
    Words("请由备份恢复数据库", "restore the database from a backup"),
)
BASIS_MISSING: Final = Problem(
    "product.basis.missing",
    Words(
        "产品 `{product}` 的文件 `{file}` 已不存在",
        "the file `{file}` of product `{product}` is gone",
    ),
    Words(
        "请由备份恢复：没有它就无法检查变更",
        "restore it from a backup: without it a change cannot be checked",
    ),
)
BASIS_DAMAGED: Final = Problem(
    "product.basis.damaged",
    Words(
        "所存产品 `{product}` 的贡献值与其显示过的数字不符",
        "the contributions kept of product `{product}` do not give the figures it showed",
    ),
    Words(
        "请由备份恢复产品文件夹中的 `basis-*` 文件，或以另一标识发布其数据",
        "restore the `basis-*` files of the product's folder from a backup, or publish its data"
        " under another id",
    ),
)
BAD_ENDING: Final = Words(
    "名称应以 `.csv` 或 `.parquet` 结尾", "expected a name that ends in `.csv` or `.parquet`"
)
NO_READ: Final = Words("无法读取：{reason}", "it cannot be read: {reason}")
NO_CSV: Final = Words("不是 CSV 文本", "it is no CSV text")
NO_PARQUET: Final = Words("不是 Parquet 文件", "it is no Parquet file")
NO_COPY: Final = Words("无法复制：{reason}", "it cannot be copied: {reason}")
FILE_PATH: Final = Words(
    "连接器所在机器上文件的绝对路径", "the absolute path of a file on the connector's machine"
)
JOB_MISSING: Final = Problem(
    "job-missing",
    Words("没有发布任务 `{name}`", "no job `{name}`"),
    Words("请查看 `voile products`，或重新发布", "see `voile products`, or publish again"),
)
PRODUCT_MISSING: Final = Problem(
    "product-missing",
    Words("没有产品 `{name}`", "no product `{name}`"),
    Words("请查看 `voile products`", "see `voile products`"),
)
