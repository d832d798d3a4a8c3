"""What can be wrong between a connector and its hub: no hub, its answers, uncertified providers."""

from __future__ import annotations

from typing import Final

from crypto.problem import Problem
from crypto.words import Words

HUB_MISSING: Final = Problem(
    "hub-missing",
    Words("本连接器没有运营方", "this connector has no hub"),
    Words(
        "请在 voile.toml 中把 `hub` 设为运营方的 DID，再重新启动",
        "set `hub` in voile.toml to the DID of the operator's hub, and start again",
    ),
)
HUB_FAILED: Final = Problem(
    "hub-failed",
    Words("运营方答复 {status}", "the hub answered {status}"),
    Words("请稍后重试", "try again later"),
)
HUB_MALFORMED: Final = Problem(
    "hub-malformed",
    Words("运营方的答复格式不对：{why}", "the hub's answer is malformed: {why}"),
    Words(
        "请询问运营方：其软件是否为最新版本",
        "ask the operator whether the hub is up to date",
    ),
)
HUB_REFUSED: Final = Words("运营方拒绝：{said}", "the hub refused: {said}")
HUB_ANSWERED: Final = Words("运营方答复 {status}", "the hub answered {status}")
HUB_KNOWS_US_NOT: Final = Words(
    "请查看 `voile membership`：运营方只答复已认证的连接器",
    "see `voile membership`: the hub answers certified connectors only",
)
APPLIED_MEANWHILE: Final = Problem(
    "membership.changed",
    Words(
        "在您看过之后，另有申请已提交；未提交任何内容",
        "another application was handed in since you looked; nothing was handed in",
    ),
    Words("请查看现在的申请后再决定", "look at the one that stands now, then decide again"),
)
UNCERTIFIED: Final = Problem(
    "provider-uncertified",
    Words("`{provider}` 未获认证：{why}", "`{provider}` is not certified: {why}"),
    Words("无须处理：不予显示", "none: it is not shown"),
)
FACET_VALUE: Final = Words("1 至 {most} 个字符的值", "a value of 1 to {most} characters")
