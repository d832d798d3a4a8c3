"""What can be wrong when a product's page is asked for."""

from __future__ import annotations

from typing import Final

from crypto.problem import Problem
from crypto.words import Words

PAGE_MISSING: Final = Problem(
    "product-unlisted",
    Words(
        "本方没有产品 `{product}`，共享目录中也没有",
        "neither we nor the shared catalogue have a product `{product}`",
    ),
    Words(
        "请用 `voile search` 查找，或用 --provider 给出提供方",
        "look for it with `voile search`, or name its provider with --provider",
    ),
)
PAGE_UNOFFERED: Final = Problem(
    "product-unoffered",
    Words(
        "我们的产品 `{product}` 没有要约，别人看不到它，也没有说明页",
        "our product `{product}` has no offer: nobody else sees it, and it has no page",
    ),
    Words(
        "请在产品文件中写明要约后再次发布；报告见 `voile products {product}`",
        "write an offer into its product file and publish it again; "
        "`voile products {product}` has its report",
    ),
)
PAGE_AMBIGUOUS: Final = Problem(
    "product-ambiguous",
    Words(
        "产品 `{product}` 有多个提供方：{names}",
        "several providers have a product `{product}`: {names}",
    ),
    Words("请用 --provider 选定一个", "choose one with --provider"),
)
NO_OFFER: Final = Problem(
    "offer-not-shown",
    Words("`{dataset}` 现在没有要约 `{offer}`", "`{dataset}` has no offer `{offer}` now"),
    Words("请打开产品页，看现有的要约", "open the product's page and see what it offers"),
)
NO_CONTRACT: Final = Problem(
    "contract-missing",
    Words(
        "没有合约 `{agreement}`，或有多份", "no contract `{agreement}`, or several under that id"
    ),
    Words("请从合约列表中选择", "choose one from the list of contracts"),
)
