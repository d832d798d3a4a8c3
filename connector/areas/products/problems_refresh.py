"""What can be wrong with making a product anew from where its data lie."""

from __future__ import annotations

from typing import Final

from crypto.problem import Problem
from crypto.words import Words

NO_SOURCE: Final = Problem(
    "product.no-source",
    Words(
        "产品 `{product}` 的产品文件未声明其数据取自何处",
        "the product file of `{product}` does not say where its data come from",
    ),
    Words(
        "请在产品文件中以 `[source]` 声明数据库的表或查询，再发布一次；若数据为文件，请执行"
        " `voile publish PRODUCT.toml DATA`",
        "declare a table or a query of a database by `[source]` in the product file and publish it"
        " once; a file is published by `voile publish PRODUCT.toml DATA`",
    ),
)
NO_ZONE: Final = Problem(
    "product.zone",
    Words(
        "`refresh`：`{schedule}` 未说明按哪个时区", "`refresh`: `{schedule}` is of no zone's clock"
    ),
    Words(
        '请在 voile.toml 中写 `zone = "Asia/Shanghai"`（或您的时区）并重新启动；'
        "若时间戳带时区，请在产品文件中写 `zone`",
        'say `zone = "Asia/Shanghai"`, or yours, in voile.toml and start anew; if the timestamps'
        " carry a zone, say `zone` in the product file",
    ),
)
UNKNOWN_ZONE: Final = Problem(
    "product.zone",
    Words("`zone`：本机没有时区 `{zone}`", "`zone`: this machine knows no zone `{zone}`"),
    Words(
        "请改正它，或在本机安装 IANA 时区数据",
        "correct it, or install the zones of the IANA list on this machine",
    ),
)
OLD_CODES: Final = Problem(
    "product.refresh.old-codes",
    Words(
        "产品 `{product}`：维度 `{dimension}` 的代码 `{moved}` 已非最新，其数据却有变化；"
        "定时运行只更新最新的代码",
        "product `{product}`: rows of code `{moved}` of dimension `{dimension}` changed, which is"
        " not the newest any more; a schedule renews the newest codes only",
    ),
    Words(
        "请核对数据；若确应如此，请执行 `voile publish --refresh {product}`",
        "look at the data; if it shall be so, say `voile publish --refresh {product}`",
    ),
)
NOT_APPENDED: Final = Problem(
    "product.refresh.not-appended",
    Words(
        "产品 `{product}`：此前的 {rows} 行不再原样位于开头，而 `append_only` 声明只在末尾增加行",
        "product `{product}`: the {rows} rows of before do not stand as they were at the beginning"
        " any more, and `append_only` says that rows are only added behind them",
    ),
    Words(
        "请核对数据与查询的 ORDER BY（新行须在末尾）；若确应如此，请执行"
        " `voile publish --refresh {product}`",
        "look at the data, and at the query's ORDER BY, which must put new rows last; if it shall"
        " be so, say `voile publish --refresh {product}`",
    ),
)
MOVED: Final = Problem(
    "product.raced",
    Words(
        "产品 `{product}` 其间已被撤回或重新发布",
        "product `{product}` was withdrawn or published again meanwhile",
    ),
    Words("请查看 `voile products`", "see `voile products`"),
)
CUT_OFF: Final = Problem(
    "product.refresh.cut-off",
    Words("连接器在运行期间被终止", "the connector was ended while it ran"),
    Words(
        "下一次会按时进行；若要现在更新，请执行 `voile publish --refresh`",
        "the next one comes at its time; for one now say `voile publish --refresh`",
    ),
)
FAILED: Final = Words(
    "产品 `{product}`：{at} 的更新失败，仍为数据版本 {number}：{why}",
    "product `{product}`: the refresh of {at} failed, and data version {number} stays: {why}",
)
