"""What an owner can do with products: publish, watch, list, show, withdraw."""

from __future__ import annotations

from typing import Final

from connector.areas.products.check_records import Check
from connector.areas.products.records import (
    Ending,
    Products,
    Publication,
    Publishing,
    Shown,
    Withdrawn,
)
from connector.areas.products.refresh_records import Refresh
from connector.party.operation import Operation
from connector.process.actor import Role
from crypto.words import Words

STEWARDS: Final[frozenset[Role]] = frozenset({"steward", "cdo"})
READERS: Final[frozenset[Role]] = frozenset({"steward", "cdo", "auditor"})
_PRODUCT: Final = "PRODUCT"
_NAMED: Final = {"product_id": Words("产品的标识", "identifier of the product")}

PUBLISH: Final = Operation(
    name="product.publish",
    method="POST",
    path="/v1/products",
    words=Words(
        "发布产品：由数据文件生成受保护表，并列入目录",
        "publish a product: make its protected table from a file, and put it on offer",
    ),
    may=STEWARDS,
    body=Publication,
    reply=Publishing,
    status=202,
    leaf=_PRODUCT,
    approval=frozenset({"cdo"}),
    approval_when=Words(
        "第 2 级及以上的产品，或比已发布的更宽松时",
        "for a product of level 2 or above, or where it is looser than what is published",
    ),
    detail="A job; nothing changes on bad input."
    " `product` is the TOML text, `data` an absolute path or null; `acceptClamped` true lets"
    " more than one value in a hundred be clamped",
)
CHECK: Final = Operation(
    name="product.check",
    method="POST",
    path="/v1/product-checks",
    words=Words(
        "检查一次发布会有什么结果，在后台进行；不改变任何内容",
        "check what a publication would come to, a job; it changes nothing",
    ),
    may=STEWARDS,
    body=Check,
    reply=Publishing,
    status=202,
    detail="Watched as a publication. Its `report` has `wouldPublish`; `findings`, what publishing"
    " would be refused for (`{code, message, next, params}`, words in zh and en); `report` as"
    " publishing gives it, null where no table can be made; `shares` of clamped and rounded values;"
    " `orders`, of a first table the margins for the dimensions as declared and in other orders."
    " 429 `product.checks-wait` while eight run or wait",
)
WATCH: Final = Operation(
    name="product.watch",
    method="GET",
    path="/v1/products/jobs/{job_id}",
    words=Words(
        "一次发布的状态、步骤、进度，以及报告或错误",
        "state, step, fraction, report or error of the job",
    ),
    named={"job_id": Words("任务编号", "id of the job")},
    may=READERS,
    reply=Publishing,
    detail="Of a check for the roles that may check alone: what it finds tells of contributors."
    " For an auditor without report, and an error by its code alone",
)
REFRESH: Final = Operation(
    name="product.refresh",
    method="POST",
    path="/v1/products/{product_id}/refresh",
    words=Words(
        "更新产品：按其产品文件所声明的来源重新读取数据，发布新的数据版本",
        "refresh a product: read its data again from where its product file says, and publish a new"
        " data version",
    ),
    named=_NAMED,
    may=STEWARDS,
    body=Refresh,
    reply=Publishing,
    status=202,
    leaf=_PRODUCT,
    detail="A job, watched like a publication; where nothing that may be shown differs, the version"
    " stays, and its report says `dataUnchanged`",
)
LIST: Final = Operation(
    name="product.list",
    method="GET",
    path="/v1/products",
    words=Words("列出本连接器的产品", "list the products of this connector"),
    may=READERS,
    reply=Products,
    detail="For an auditor without `rows`, `cells`, `rowsAtFinest`, `noLonger`",
)
SHOW: Final = Operation(
    name="product.show",
    method="GET",
    path="/v1/products/{product_id}",
    words=Words(
        "要约，以及关于受保护表的所有者报告",
        "offers and the owner's report of the protected table ([what it says](report.md))",
    ),
    named=_NAMED,
    may=READERS,
    reply=Shown,
    detail="`protection` has the rules of a table. For an auditor `report` has the version, and the"
    " margins as the catalogue shows them: the rest tells of contributors",
)
WITHDRAW: Final = Operation(
    name="product.withdraw",
    method="DELETE",
    path="/v1/products/{product_id}",
    words=Words(
        "从目录撤回一个产品；已签的协议不变",
        "take a product off the catalogue; agreements stay",
    ),
    named=_NAMED,
    may=frozenset({"cdo"}),
    body=Ending,
    reply=Withdrawn,
    leaf=_PRODUCT,
)
