"""Why figures are not released, and what may help, in words for a data steward."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from catalog.finding_words import form_of, lack_of, many, measure_of, rows_of
from connector.faces.cli.report_advice import advised

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

_SHOWN: Final = 5  # of each kind; `--json` has more

_WHEN: Final = {
    "state": ("", ""),
    "change": ("the change of ", "变化量："),
    "second": ("the difference of two changes of ", "两次变化之差："),
}


def sections(report: Mapping[str, Any], *, zh: bool) -> Iterator[tuple[str, list[str]]]:
    """Walk through what the sheet has no figures for: a heading and lines; nothing if all is well.

    Args:
        report: As the connector gives it; one of the first edition has none of this.
        zh: Whether in Chinese, else English.
    """
    withheld = report.get("withheld", {})
    counted = {_withheld: withheld.get("count", 0)}
    counted[_family] = report.get("leftOut", {}).get("count", 0)
    for head, found, write in (
        (("withheld, and why", "不公布的指标单元及原因"), withheld.get("some", ()), _withheld),
        (
            ("not released, whatever they were merged with", "合并后仍不能公布"),
            report.get("leftOver", ()),
            _left_over,
        ),
        (
            ("held: a change of too few", "暂留旧值：变化涉及的贡献者太少"),
            report.get("heldFor", ()),
            _held,
        ),
        (
            (
                "sets of rows in which combinations are not checked, as there are too many",
                "因数量过多而未检查组合的行集",
            ),
            report.get("leftOut", {}).get("some", ()),
            _family,
        ),
    ):
        if found:
            yield head[zh], _listed(found, write, zh=zh, of=counted.get(write, len(found)))
    if lost := report.get("noLonger"):
        head = (
            "released by the first edition, and no longer",
            "第一版曾公布、现在不再公布",
        )
        yield head[zh], [_lost(name, cells, zh=zh) for name, cells in lost.items()]
    if told := report.get("advice"):
        head = ("what may help (it was not tried)", "可能有帮助的做法（未经试算）")
        yield head[zh], [advised(one, zh=zh) for one in told]


def no_longer(product: str, cells: int, *, zh: bool) -> str:
    """Say that a product was migrated, and releases less than before."""
    if zh:
        return f"{product}：有 {cells:,} 个曾公布的数不再公布，见 `voile products {product}`"
    return (
        f"{product}: {many(cells, 'figure')} of the first edition no longer released, see "
        f"`voile products {product}`"
    )


def _listed(
    found: Sequence[Mapping[str, Any]],
    write: Callable[..., str],
    *,
    zh: bool,
    of: int,
) -> list[str]:
    lines = [write(one, zh=zh) for one in found[:_SHOWN]]
    if of > len(lines):
        rest = of - len(lines)
        lines.append(f"另有 {rest:,} 项（见 --json）" if zh else f"and {rest:,} more (see --json)")
    return lines


def _withheld(one: Mapping[str, Any], *, zh: bool) -> str:
    cell, where = rows_of(one["cell"], zh=zh), rows_of(one["set"], zh=zh)
    form, lack = form_of(one["lack"]["form"], zh=zh), lack_of(one["lack"], zh=zh)
    if one["inside"]:
        rest = (
            "其余行全在界限上时"
            if zh
            else "if the other rows of the cell are known to be at a bound"
        )
        where = f"{where}，{rest}" if zh else f"{where} {rest}"
    name = measure_of(one["measure"])
    if zh:
        return f"{name}（{cell}，{one['rows']:,} 行）：{form} 在（{where}）{lack}"
    return f"{name} ({cell}, {many(one['rows'], 'row')}): {form} on ({where}) {lack}"


def _left_over(one: Mapping[str, Any], *, zh: bool) -> str:
    where, first = rows_of(one["set"], zh=zh), one["lacks"][0]
    is_rows = one["measure"] == "rows"
    name = ("行数" if zh else "rows") if is_rows else measure_of(one["measure"])
    form, lack = form_of(first["form"], zh=zh), lack_of(first, zh=zh)
    if zh:
        return f"{name}（{where}，{one['cells']:,} 个单元）：{form}{lack}"
    return f"{name} ({where}, {many(one['cells'], 'cell')}): {form} {lack}"


def _held(one: Mapping[str, Any], *, zh: bool) -> str:
    cell, where = rows_of(one["cell"], zh=zh), rows_of(one["set"], zh=zh)
    form, lack = form_of(one["lack"]["form"], zh=zh), lack_of(one["lack"], zh=zh)
    change = _WHEN[one["when"]][zh]
    new = ("（新增，暂读作空）" if zh else " (new, reads as empty for now)") if one["new"] else ""
    if zh:
        return f"{cell}{new}：{change}{form} 在（{where}）{lack}"
    return f"{cell}{new}: {change}{form} on ({where}) {lack}"


def _family(one: Mapping[str, Any], *, zh: bool) -> str:
    cells = " x ".join(one["grouping"]) or ("总计" if zh else "grand total")
    further = one.get("further", "")
    if one["kind"] == "without":
        what = (
            f"{cells}，去掉 {further} 的一个编码"
            if zh
            else f"{cells} without one code of {further}"
        )
    else:
        what = f"{cells}，只取 {further} 的两个编码" if zh else f"{cells} on two codes of {further}"
    return f"{what}：{one['sets']:,} 个" if zh else f"{what}: {many(one['sets'], 'set')}"


def _lost(name: str, cells: Mapping[str, Any], *, zh: bool) -> str:
    some = [rows_of(one, zh=zh) for one in cells["some"][:_SHOWN]]
    more = ("，…" if zh else ", …") if cells["count"] > len(some) else ""
    text = ("）、（" if zh else "), (").join(some)
    if zh:
        return f"{measure_of(name)}：{cells['count']:,} 个单元：（{text}）{more}"
    return f"{measure_of(name)}: {many(cells['count'], 'cell')}: ({text}){more}"
