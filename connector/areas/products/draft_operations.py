"""What an owner can do with drafts of products: begin, decide, preview, publish, drop."""

from __future__ import annotations

from typing import Final

from connector.areas.products.draft_records import (
    Begin,
    Columns,
    DraftListed,
    DraftShown,
    DraftsListed,
    Dropped,
    Dropping,
    Offering,
    Previewing,
    Publishes,
    Reread,
)
from connector.areas.products.operations import STEWARDS
from connector.areas.products.records import Publishing
from connector.party.operation import Operation
from crypto.words import Words

_ONE: Final = "/v1/product-drafts/{draft_id}"
_NAMED: Final = {"draft_id": Words("草稿编号", "id of the draft")}

BEGIN: Final = Operation(
    name="draft.begin",
    method="POST",
    path="/v1/product-drafts",
    words=Words(
        "由导入文件夹中的文件开始一个产品草稿",
        "begin a draft of a product with a file of the import folder",
    ),
    may=STEWARDS,
    body=Begin,
    reply=DraftListed,
    status=201,
    detail="The file is copied, and read in the background; nothing is on offer before it is"
    " published. In the console a file may be handed in, too",
)
DRAFTS: Final = Operation(
    name="draft.list",
    method="GET",
    path="/v1/product-drafts",
    words=Words("产品草稿，最近更改的在前", "drafts of products, those changed last first"),
    may=STEWARDS,
    reply=DraftsListed,
)
DRAFT: Final = Operation(
    name="draft.show",
    method="GET",
    path=_ONE,
    words=Words(
        "一个产品草稿：列、决定、产品文件、预览",
        "a draft of a product: columns, decisions, product file, preview",
    ),
    named=_NAMED,
    may=STEWARDS,
    reply=DraftShown,
    detail="It tells of contributors and has values of the file: it is the owner's alone",
)
READ: Final = Operation(
    name="draft.read",
    method="POST",
    path=f"{_ONE}/read",
    words=Words(
        "重新读取草稿的文件，或读取另一工作表",
        "read the file of a draft again, or another sheet of it",
    ),
    named=_NAMED,
    may=STEWARDS,
    body=Reread,
    reply=DraftListed,
    status=202,
    detail="What was decided about its columns is given up",
)
COLUMNS: Final = Operation(
    name="draft.columns",
    method="POST",
    path=f"{_ONE}/columns",
    words=Words("决定各列的用途", "decide what the columns are for"),
    named=_NAMED,
    may=STEWARDS,
    body=Columns,
    reply=DraftListed,
)
OFFER: Final = Operation(
    name="draft.offer",
    method="POST",
    path=f"{_ONE}/offer",
    words=Words("决定产品的名称、分级和要约", "decide names, grading and offer of the product"),
    named=_NAMED,
    may=STEWARDS,
    body=Offering,
    reply=DraftListed,
)
PREVIEW: Final = Operation(
    name="draft.preview",
    method="POST",
    path=f"{_ONE}/preview",
    words=Words(
        "预览将发布的单元格，在后台进行；不发布任何内容",
        "preview the cells that would be published, a job; nothing is published",
    ),
    named=_NAMED,
    may=STEWARDS,
    body=Previewing,
    reply=DraftListed,
    status=202,
    detail="By the code of `product.check`. 409 `draft.busy` while this draft is read or previewed,"
    " 429 `draft.previews-wait` while another waits already",
)
CANCEL: Final = Operation(
    name="draft.cancel",
    method="POST",
    path=f"{_ONE}/cancel",
    words=Words("取消正在进行的读取或预览", "cancel what is being read or previewed"),
    named=_NAMED,
    may=STEWARDS,
    reply=DraftListed,
)
PUBLISH_DRAFT: Final = Operation(
    name="draft.publish",
    method="POST",
    path=f"{_ONE}/publish",
    words=Words("发布草稿", "publish a draft"),
    named=_NAMED,
    may=STEWARDS,
    body=Publishes,
    reply=Publishing,
    status=202,
    leaf="PRODUCT",
    detail="It does `product.publish` with the product file of the draft and `data` its file,"
    " `draft:ID`: whatever stands before that one stands before this one",
)
DROP: Final = Operation(
    name="draft.drop",
    method="DELETE",
    path=_ONE,
    words=Words("丢弃草稿及其文件", "drop a draft and its file"),
    named=_NAMED,
    may=STEWARDS,
    body=Dropping,
    reply=Dropped,
)
