"""How the page of a product is printed."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from connector.client.margin_table import OVERALL, counts_of_groups
from connector.faces.cli.client import printable, put, said, say
from connector.faces.cli.contract_lines import say_terms
from connector.faces.cli.question_lines import sentence_of
from connector.faces.cli.tongue import spoken
from connector.faces.cli.words import NONE
from crypto.words import Words

_MOST_CODES: Final = 12  # in a line
_MOST_MARGINS: Final = 16

_OURS: Final = Words("本方的产品 {id}", "our product {id}")
_THEIRS: Final = Words("{provider} 的产品 {id}", "product {id} of {provider}")
_NO_TABLE: Final = Words(
    "不是可以提问的表；交付格式：{formats}",
    "no table that questions can be asked of; formats: {formats}",
)
_TABLE: Final = Words(
    "表 {name}；每个发布的单元格至少 {least} 个贡献者",
    "table {name}; at least {least} contributors in a released cell",
)
_DIMENSIONS: Final = Words("维度，最重要的在前：", "dimensions, the most important first:")
_FILTER: Final = Words("（只能用于 WHERE）", " (in WHERE only)")
_MORE_CODES: Final = Words(
    "……共 {count} 个（--json 给出全部）", "… {count} in all (--json has them)"
)
_MEASURES: Final = Words(
    "指标，可求 SUM、AVG、COUNT；界外的值按界计：",
    "measures, for SUM, AVG and COUNT; values beyond the bounds count as the bounds:",
)
_MEASURE: Final = Words(
    "{name}：单位 {unit}，{lower} 至 {upper}，{scale} 位小数",
    "{name}: in {unit}, {lower} to {upper}, {scale} decimals",
)
_MARGINS: Final = Words(
    "可以回答的分组（按何分组：各数字公布的组数/全部组数）：",
    "groupings that are answered (grouped by: groups of which each figure is shown / groups):",
)
_FROM_REPORT: Final = Words("  取自本方的报告", "  from our own report")
_FROM_CATALOGUE: Final = Words(
    "  取自提供方的目录；它不含任何数值，对合计不适用",
    "  from the provider's catalogue, which holds no figure; totals over several differ",
)
_NO_MARGINS: Final = Words(
    "提供方未公布边际：只有得到回答后才知道哪些单元格发布",
    "the provider publishes no margins: only an answer tells which cells are released",
)
_MORE_MARGINS: Final = Words("  另有 {count} 种（--json）", "  {count} more (--json)")
_OFFER: Final = Words("要约 {id}", "offer {id}")
_PURPOSES: Final = Words("  用途：{purposes}", "  purposes: {purposes}")
_PURPOSE: Final = Words("{name}（{words}）", "{name} ({words})")
_QUESTIONS: Final = Words("  它准许的提问，例如：", "  it grants questions such as:")
_NO_QUESTION: Final = Words("  它现在不准许任何提问：{why}", "  it grants no question now: {why}")
_UNREADABLE: Final = Words(
    "要约 {id} 的条款无法识别", "offer {id} has terms that are not understood"
)
_DIFFERENCES: Final = Words("要约之间的差别：", "how the offers differ:")
_AND_MORE: Final = Words("，另有 {count} 个", ", and {count} more")
_GRANTS: Final = Words("  {offer} 比 {beyond} 多准许：", "  {offer} grants beyond {beyond}:")
_OF: Final = {
    "purpose": Words("用途", "purposes"),
    "queryMode": Words("方式", "modes"),
    "measure": Words("指标", "measures"),
    "dimension": Words("维度", "dimensions"),
    "recipient": Words("接收方", "recipients"),
    "cohortMember": Words("同组供方", "providers of a cohort"),
    "count": Words("回答次数", "answers"),
    "minGroupSize": Words("每格贡献者下限", "least contributors of a cell"),
    "from": Words("生效", "from"),
    "until": Words("截止", "until"),
}
_ANY: Final = Words("不限", "any")


def say_page(page: Mapping[str, Any]) -> None:
    """Print a page."""
    tongue = spoken()
    say(_OURS if page["own"] else _THEIRS, id=page["id"], provider=page["provider"])
    for text in (page["title"][tongue], page["description"][tongue]):
        if text:
            put(f"  {printable(text)}")
    if page["table"] is None:
        say(_NO_TABLE, formats=", ".join(page["formats"]))
    else:
        _say_table(page["table"])
        _say_margins(page)
    for offer in page["offers"]:
        _say_offer(offer, asked=page["table"] is not None)
    for name in page["unreadable"]:
        say(_UNREADABLE, id=name)
    _say_differences(page["differences"])


def _say_table(table: Mapping[str, Any]) -> None:
    say(_TABLE, name=table["name"], least=table["minimumContributors"])
    say(_DIMENSIONS)
    for one in table["dimensions"]:
        codes = one["codes"]
        shown = ", ".join(codes[:_MOST_CODES])
        more = said(_MORE_CODES, count=len(codes)) if len(codes) > _MOST_CODES else ""
        only = "" if one["groups"] else said(_FILTER)
        unit = f" [{one['unit']}]" if one["unit"] else ""
        put(printable(f"  {one['name']}{unit}{only}{_titled(one)}: {shown}{more}"))
    say(_MEASURES)
    for one in table["measures"]:
        facts = {name: one[name] for name in ("lower", "upper", "scale")}
        facts |= {"unit": one["unit"] or said(NONE), "name": f"{one['name']}{_titled(one)}"}
        put(f"  {said(_MEASURE, **facts)}")


def _title(one: Mapping[str, Any]) -> str:
    title = one["title"][spoken()]
    return str(title) if title != one["name"] else ""


def _titled(one: Mapping[str, Any]) -> str:
    return f"  {title}" if (title := _title(one)) else ""


def _say_margins(page: Mapping[str, Any]) -> None:
    margins = page["margins"]
    if not margins:
        say(_NO_MARGINS)
        return
    say(_MARGINS)
    for one in margins[:_MOST_MARGINS]:
        by = ", ".join(one["dimensions"]) or said(OVERALL)
        parts = [f"{term} {n}/{one['groups']}" for term, n in counts_of_groups(one).items()]
        put(printable(f"  {by}: {'  '.join(parts)}"))
    if len(margins) > _MOST_MARGINS:
        say(_MORE_MARGINS, count=len(margins) - _MOST_MARGINS)
    say(_FROM_REPORT if page["own"] else _FROM_CATALOGUE)


def _say_offer(offer: Mapping[str, Any], *, asked: bool) -> None:
    tongue = spoken()
    say(_OFFER, id=offer["id"])
    purposes = [
        said(_PURPOSE, name=one["name"], words=one[tongue])
        if one[tongue] != one["name"]
        else printable(one["name"])
        for one in offer["purposes"]
    ]
    if purposes:
        say(_PURPOSES, purposes=_listed(purposes))
    say_terms(offer["policy"], "  ")
    if offer["questions"]:
        say(_QUESTIONS)
        for one in offer["questions"]:
            put(printable(f"    {one['sql']}"))
    elif asked:
        reasons = (sentence_of(reason) for reason in offer["reasons"])
        say(_NO_QUESTION, why=" ".join(reasons) or said(NONE))


def _say_differences(differences: Sequence[Mapping[str, Any]]) -> None:
    if not differences:
        return
    say(_DIFFERENCES)
    for one in differences:
        say(_GRANTS, offer=one["offer"], beyond=one["beyond"])
        for more in one["grants"]:
            values = [value or said(_ANY) for value in more["values"]]
            kind = said(_OF[more["of"]]) if more["of"] in _OF else str(more["of"])
            rest = said(_AND_MORE, count=more["more"]) if more["more"] else ""
            put(printable(f"    {kind}: {_listed(values)}{rest}"))


def _listed(texts: Sequence[str]) -> str:
    return ("、" if spoken() == "zh" else ", ").join(texts)
