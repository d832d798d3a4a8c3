"""The owner's report of a publication, as it is printed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from catalog.finding_words import measure_of
from connector.client import margin_table as w
from connector.client.margin_table import counts_of_groups
from connector.faces.cli.client import printable, put, said, say
from connector.faces.cli.report_words import sections
from connector.faces.cli.sheet import print_sheet
from connector.faces.cli.tongue import spoken
from connector.faces.cli.words import padded
from crypto.words import Words

if TYPE_CHECKING:
    from collections.abc import Mapping

_GROUPS: Final = 5  # groups of alike contributor ids that are printed; `--json` has more
_INDENT: Final = "  "


_OVER: Final = Words(
    "注意：以下要约已过期，无人可以接受: {offers}",
    "note: these offers are over, nobody can take them: {offers}",
)
_OF_CELLS: Final = Words(
    "各数字在多少个最细单元中单独公布、只与其他合并公布、不公布：",
    "of how many finest cells each figure is shown alone, shown only in a sum with others, not"
    " shown:",
)
_ROWS: Final = Words("公布或合并的行", "rows shown or merged")


def print_report(report: Mapping[str, Any]) -> None:
    """Print a report in the language of the command."""
    zh = spoken() == "zh"
    if over := report.get("expiredOffers"):
        say(_OVER, offers=list(over))
    if report.get("kind") == "file":
        _print_file(report)
        return
    if protection := report.get("protection"):
        _print_rules(report, protection)
    else:
        _print_facts(report, zh=zh)
    put()
    _print_margins(report, zh=zh)
    if report.get("figures"):
        put()
        _print_figures(report)
    elif report.get("measures"):
        put()
        _print_measures(report["measures"], zh=zh)
    for head, lines in sections(report, zh=zh):
        put()
        put(head)
        for line in lines:
            put(_INDENT + printable(line))


def _print_file(report: Mapping[str, Any]) -> None:
    """Print what there is to say of a file that is offered as it is."""
    for head, text in (
        (Words("产品", "product"), report["product"]),
        (Words("数据版本", "data version"), report["version"]["number"]),
        (Words("大小", "size"), f"{size_of(report['bytes'])}  {report['mediaType']}"),
        (Words("摘要", "digest"), report["version"]["digest"]),
        (Words("交付方式", "formats"), ", ".join(report["formats"]) or "-"),
    ):
        put(f"{padded(said(head), 12)}  {text}")


def _print_rules(report: Mapping[str, Any], protection: Mapping[str, Any]) -> None:
    """Print what an auditor sees in place of what was counted: the rules of the table."""
    shares = ", ".join(f"{n}: {percent} %" for n, percent in protection["dominance"])
    for head, text in (
        (Words("产品", "product"), report["product"]),
        (Words("数据版本", "data version"), report["version"]["number"]),
        (Words("最少贡献者", "least contributors"), protection["minimumContributors"]),
        (Words("最大者占比上限", "largest hold at most"), shares),
        (Words("p% 规则", "p% rule"), f"{protection['pPercent']} %"),
    ):
        put(f"{padded(said(head), 22)}  {text}")


def _print_facts(report: Mapping[str, Any], *, zh: bool) -> None:
    from rich.table import Table
    from rich.text import Text

    cells, finest = report["cells"], report["rowsAtFinest"]
    lines = [
        ("产品" if zh else "product", report["product"]),
        ("数据版本" if zh else "data version", str(report["version"]["number"])),
        ("行数" if zh else "rows", f"{report['rows']:,}"),
        ("最细单元" if zh else "finest cells", f"{cells['finest']:,}"),
        ("其中不安全" if zh else "unsafe", f"{cells['unsafe']:,}"),
        ("合并的单元" if zh else "merged", f"{cells['merged']:,}"),
        ("合并之后的单元" if zh else "cells after merging", f"{cells['safe']:,}"),
        (
            "仍处最细粒度的行" if zh else "rows still at the finest level",
            f"{finest['rows']:,}  ({finest['percent']} %)",
        ),
    ]
    if cells["blocked"]:
        lines.append(("从不公布的单元" if zh else "cells never shown", f"{cells['blocked']:,}"))
    if cells["pending"]:
        lines.append(("待公布的单元" if zh else "cells not shown yet", f"{cells['pending']:,}"))
    if report.get("dataUnchanged"):
        lines.append(("数据" if zh else "data", "未变" if zh else "unchanged"))
    elif renewal := report.get("renewal"):
        names = {"updated": "已更新", "held": "暂留旧值", "added": "新增", "unchanged": "未变"}
        text = ", ".join(f"{names[k] if zh else k} {v:,}" for k, v in renewal.items())
        lines.append(("与上一版本相比" if zh else "since the last version", text))
    for key, head in (
        ("clamped", "截断的值" if zh else "values clamped"),
        ("rounded", "四舍五入的值" if zh else "values rounded"),
    ):
        each = (f"{name} {count:,}" for name, count in report.get(key, {}).items())
        lines.append((head, ", ".join(each) or "0"))
    for key, head in (
        ("emptyAsZero", "按零计的空值" if zh else "empty values taken as zero"),
        ("emptySkipped", "不计入的空值" if zh else "empty values that do not count"),
    ):
        if empty := report.get(key):
            text = ", ".join(f"{name} {count:,}" for name, count in empty.items())
            lines.append((head, text))
    if (dropped := report.get("withoutContributor")) is not None:
        lines.append(
            ("无贡献者而略去的行" if zh else "rows left out, no contributor", f"{dropped:,}")
        )
    if totals := report.get("totals"):
        lines.append(("总计" if zh else "totals", _covered(totals, zh=zh)))
    lines += _alike(report.get("contributorIds", {}), zh=zh)
    table = Table(box=None, show_header=False, pad_edge=False)
    for name, value in lines:
        table.add_row(name, Text(value))
    print_sheet(table)


def _covered(totals: Mapping[str, Any], *, zh: bool) -> str:
    """Say what `min_cohort` means: the members that may pool their figures, and two more."""
    least, pool = totals["minCohort"], totals["mayPool"]
    if not totals["members"]:
        return (
            "报价未写明 cohort：不能参加总计"
            if zh
            else "no total: the offers do not name their `cohort`"
        )
    if zh:
        return (
            f"每个数字至少由 {least} 个供方共同构成：其中至多 {pool} 个与询问方串通时，"
            "您的数字仍不外露（min_cohort = 串通者数 + 2）"
        )
    return (
        f"each figure is carried by at least {least} suppliers: yours stays covered while at most "
        f"{pool} of them pool theirs with the asker (min_cohort = colluders + 2)"
    )


def _print_margins(report: Mapping[str, Any], *, zh: bool) -> None:
    """Print of how many groups of each grouping each figure is shown."""
    from rich.table import Table
    from rich.text import Text

    margins = Table(box=None, pad_edge=False)
    counted = [counts_of_groups({"measures": {}, **margin}) for margin in report["margins"]]
    terms = list(dict.fromkeys(term for counts in counted for term in counts))
    margins.add_column(said(w.GROUPED_BY))
    for head in (said(w.GROUPS), *terms):
        margins.add_column(Text(head), justify="right")
    put(f"{said(w.SHOWN_FIGURES)}{':' if not zh else '：'}")
    for margin, counts in zip(report["margins"], counted, strict=True):
        margins.add_row(
            Text(" x ".join(margin["dimensions"]) or said(w.OVERALL)),
            f"{margin['groups']:,}",
            *(f"{counts.get(term, 0):,}" for term in terms),
        )
    print_sheet(margins)


def _print_figures(report: Mapping[str, Any]) -> None:
    """Print of how many finest cells each figure is shown, merged, and withheld."""
    from rich.table import Table
    from rich.text import Text

    rows = {one["name"]: f"{one['rows']:,}  ({one['percent']} %)" for one in report["measures"]}
    table = Table(box=None, pad_edge=False)
    table.add_column(said(w.FIGURE))
    for head in (w.SHOWN, w.MERGED, w.WITHHELD, _ROWS):
        table.add_column(said(head), justify="right")
    put(said(_OF_CELLS))
    for one in report["figures"]:
        counts = [f"{one[name]:,}" for name in ("shown", "merged", "withheld")]
        table.add_row(Text(w.term_of(one["name"])), *counts, rows.get(one["name"], ""))
    print_sheet(table)


def _print_measures(measures: list[dict[str, Any]], *, zh: bool) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False)
    first, *numbers = (
        ("指标", "单元", "不公布的单元", "可公布的行")
        if zh
        else ("measure", "cells", "withheld", "rows released")
    )
    table.add_column(first)
    for head in numbers:
        table.add_column(head, justify="right")
    for one in measures:
        table.add_row(
            Text(measure_of(one["name"])),
            f"{one['cells']:,}",
            f"{one['withheld']:,}",
            f"{one['rows']:,}  ({one['percent']} %)",
        )
    print_sheet(table)


def _alike(found: Mapping[str, Any], *, zh: bool) -> list[tuple[str, str]]:
    """Say which contributor ids fell together, and which differ in case only."""
    heads = {
        "together": "写法不同的同一贡献者" if zh else "contributors written in several ways",
        "caseOnly": "仅大小写不同的贡献者" if zh else "contributors that differ in case only",
    }
    lines = []
    for key, head in heads.items():
        told = found.get(key, {"count": 0})
        if told["count"]:
            groups = [" = ".join(f"`{printable(i)}`" for i in ids) for ids in told["some"]]
            more = ", …" if told["count"] > len(groups[:_GROUPS]) else ""
            lines.append((head, f"{told['count']:,}: {', '.join(groups[:_GROUPS])}{more}"))
    return lines


def size_of(count: int) -> str:
    """Write a number of bytes."""
    return f"{count:,} B"
