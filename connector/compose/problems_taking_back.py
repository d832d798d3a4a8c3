"""Why a product cannot be taken back whole."""

from __future__ import annotations

from typing import Final

from crypto.problem import Problem
from crypto.words import Words

_WITHDRAW: Final = Words(
    "请改用 `voile withdraw {product}`：产品从目录撤回，已签的协议不变",
    "use `voile withdraw {product}`: it leaves the catalogue, and agreements stay",
)
AGREED: Final = Problem(
    "product.agreed",
    Words(
        "产品 `{product}` 已有合约（如与 {party} 的 `{agreement}`），不能收回",
        "product `{product}` has agreements, such as `{agreement}` with {party}: it cannot be taken"
        " back",
    ),
    _WITHDRAW,
)
NEGOTIATED: Final = Problem(
    "product.negotiated",
    Words(
        "产品 `{product}` 正在与 {party} 协商（`{pid}`），不能收回",
        "product `{product}` is being negotiated with {party} (`{pid}`): it cannot be taken back",
    ),
    Words(
        "请先以 `voile terminate {pid}` 结束协商，或改用 `voile withdraw {product}`",
        "end the negotiation with `voile terminate {pid}`, or use `voile withdraw {product}`",
    ),
)
TABLED: Final = Problem(
    "product.tabled",
    Words(
        "产品 `{product}` 已加入一张联合统计表，不能收回",
        "product `{product}` has joined a cohort table: it cannot be taken back",
    ),
    _WITHDRAW,
)
