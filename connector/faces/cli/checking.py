"""What ``publish --check`` prints: what publishing would come to."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from connector.client.margin_table import OVERALL, counts_of_groups
from connector.faces.cli.client import printable, put, said, say
from connector.faces.cli.report_sheet import print_report
from connector.faces.cli.tongue import spoken
from connector.faces.cli.words import NEXT
from crypto.words import Words

_MOST: Final = 16  # margins of an order
_MOST_NEAR: Final = 5  # groups of ids

_WOULD: Final = Words(
    "检查通过：可以发布；未改变任何内容", "this could be published; nothing was changed"
)
_WOULD_NOT: Final = Words(
    "不能发布，共 {count} 处；未改变任何内容",
    "this could not be published, {count} {count|finding|findings}; nothing was changed",
)
_UNCHANGED: Final = Words(
    "数据与已发布的相同：只会更新说明与要约",
    "the data are those published: only description and offers would be renewed",
)
_NEAR: Final = Words(
    "只在标点、空格或前导零上不同的贡献者标识，可能是同一贡献者：",
    "contributor ids that differ in marks, spaces or leading zeros only, perhaps one contributor:",
)
_SHARES: Final = Words("取值的截断与舍入：", "values clamped and rounded:")
_SHARE: Final = Words(
    "{measure}：截断 {clamped}（{of} %），舍入 {rounded}（{part} %）",
    "{measure}: {clamped} clamped ({of} %), {rounded} rounded ({part} %)",
)
_ORDERS: Final = Words(
    "维度次序与可得的边际（首次发布后不能再改次序）：",
    "orders of the dimensions and the margins answered (fixed once published):",
)
_ORDER: Final = Words(
    "{dimensions}：{percent} % 的行仍处最细粒度",
    "{dimensions}: {percent} % of the rows stay at the finest level",
)
_REFUSED: Final = Words("{dimensions}：{why}", "{dimensions}: {why}")
_MORE: Final = Words("……另有 {count} 项，见 --json", "… {count} more, see --json")


def say_checked(found: Mapping[str, Any]) -> None:
    """Print the result of a check: findings first, then what would be published."""
    findings: Sequence[Mapping[str, Any]] = found["findings"]
    if findings:
        say(_WOULD_NOT, count=len(findings))
    else:
        say(_WOULD)
    for one in findings:
        put(f"- {_line(one)}")
        if step := one["next"][spoken()]:
            put(f"  {said(NEXT, step=printable(step))}")
    if found["dataUnchanged"]:
        say(_UNCHANGED)
    if (report := found["report"]) is None:
        return
    put()
    print_report({**report, "expiredOffers": found["expiredOffers"]})
    if near := report.get("contributorIds", {}).get("near", {}).get("some"):
        put()
        say(_NEAR)
        for group in near[:_MOST_NEAR]:
            put(printable(f"  {'  '.join(group)}"))
        if len(near) > _MOST_NEAR:
            put(f"  {said(_MORE, count=len(near) - _MOST_NEAR)}")
    if found["shares"]:
        put()
        say(_SHARES)
    for one in found["shares"]:
        clamped, rounded = one["clamped"], one["rounded"]
        facts = {"clamped": clamped["count"], "of": clamped["percent"]}
        facts |= {"rounded": rounded["count"], "part": rounded["percent"]}
        put(f"  {said(_SHARE, measure=one['measure'], **facts)}")
    if len(found["orders"]) > 1:
        put()
        say(_ORDERS)
        for one in found["orders"]:
            _say_order(one)


def _say_order(one: Mapping[str, Any]) -> None:
    dimensions = ", ".join(one["dimensions"])
    if one["finding"] is not None:
        put(f"  {said(_REFUSED, dimensions=dimensions, why=_line(one['finding']))}")
        return
    percent = one["rowsAtFinest"]["percent"]
    put(f"  {said(_ORDER, dimensions=dimensions, percent=percent)}")
    for margin in one["margins"][:_MOST]:
        by = "+".join(margin["dimensions"]) or said(OVERALL)
        counts = counts_of_groups(margin).items()
        shown = "  ".join(f"{term} {count}/{margin['groups']}" for term, count in counts)
        put(printable(f"    {by}: {shown}"))
    if len(one["margins"]) > _MOST:
        put(f"    {said(_MORE, count=len(one['margins']) - _MOST)}")


def _line(finding: Mapping[str, Any]) -> str:
    return printable(" ".join(finding["message"][spoken()].split()))
