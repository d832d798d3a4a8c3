"""What may help an owner, in words for a data steward."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from catalog.finding_words import many

if TYPE_CHECKING:
    from collections.abc import Mapping


def advised(one: Mapping[str, Any], *, zh: bool) -> str:
    """Say one piece of advice; one of a kind that is not known, by its kind."""
    cells = one.get("cells", 0)
    names = ("、" if zh else ", ").join(f"`{m}`" for m in one.get("measures", ()))
    dimension = one.get("dimension", "")
    if one["kind"] == "measure":
        name = one["measure"]
        return (
            f"少提供一个指标 `{name}`：{one['of']:,} 个不公布的单元中，有 {cells:,} 个只因与它比较"
            if zh
            else f"offer one measure less, `{name}`: of the withheld cells {cells:,} of "
            f"{one['of']:,} fail only in comparison with it"
        )
    if one["kind"] == "units":
        return (
            f"给 {names} 写上单位：没有单位的指标会相互比较（涉及 {cells:,} 个单元）"
            if zh
            else f"declare the units of {names}: without any they are compared with each other "
            f"({many(cells, 'cell')})"
        )
    if one["kind"] == "dimension":
        return (
            f"若 {names} 互相排斥，改为一个维度的编码（涉及 {cells:,} 个单元）"
            if zh
            else f"if {names} exclude each other, make them codes of one dimension "
            f"({many(cells, 'cell')})"
        )
    if one["kind"] == "order":
        return (
            f"把维度 `{dimension}` 放到最后，使单元先跨它的编码合并"
            f"（涉及 {cells:,} 个不公布的单元）"
            if zh
            else f"put dimension `{dimension}` last, so that cells are merged across its codes "
            f"first ({many(cells, 'withheld cell')})"
        )
    if one["kind"] == "codes" and one.get("withheld"):
        return (
            f"`{dimension}` 用更粗的编码表（涉及 {cells:,} 个不公布的单元）"
            if zh
            else f"a coarser code list of `{dimension}` ({many(cells, 'withheld cell')})"
        )
    if one["kind"] == "codes":
        some = ("、" if zh else ", ").join(one["some"])
        more = ("等" if zh else ", …") if one["count"] > len(one["some"]) else ""
        return (
            f"`{dimension}` 用更粗的编码表："
            f"{one['of']:,} 个编码中有 {one['count']:,} 个在某处太小，"
            f"{cells:,} 个最细单元因此合并：{some}{more}"
            if zh
            else f"a coarser code list of `{dimension}`: {one['count']:,} of {one['of']:,} "
            f"codes are too small somewhere, {many(cells, 'finest cell')} merged across them: "
            f"{some}{more}"
        )
    return str(one["kind"])
