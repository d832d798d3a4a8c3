"""How a provider's catalogue is printed: what it offers us, and what of it cannot be shown."""

from collections.abc import Mapping
from typing import Any, Final

from connector.faces.cli.client import put, said, say, unreadable
from connector.faces.cli.contract_lines import say_terms, title
from connector.faces.cli.tongue import spoken
from connector.faces.cli.words import NEXT
from crypto.words import NOTHING, Words

_OFFERS: Final = Words(
    "{provider} 向本方提供 {count} 个数据集",
    "{provider} offers us {count} {count|dataset|datasets}",
)
_CLAIMS: Final = Words(
    "  它在那里自称 `{claims}`，无人核实过",
    "  it calls itself `{claims}` there, which nobody has checked",
)
_OFFER: Final = Words("    要约 {id}", "    offer {id}")
_NO_ID: Final = Words("（无编号）", "(no id)")
_PARTS: Final = {
    "dataset": Words("数据集", "dataset"),
    "hasPolicy": Words("要约", "offer"),
}
_LOST: Final = Words("  {what} {name}{place}  {why}", "  {what} {name}{place}  {why}")
_OF: Final = Words("（属于 {dataset}）", " of {dataset}")
_REPEATED: Final = Words(
    "  另有 {count} 项重复，不再显示", "  {count} more came twice and are not shown again"
)
_CUT: Final = Words(
    "  在第 {page} 页截断，已读 {after} 个数据集：{why}",
    "  cut after {after} {after|dataset|datasets} on page {page}: {why}",
)
_MAY_BE_MORE: Final = Words(
    "可能还有更多：请按编号查询数据集，或告知对方",
    "there may be more: ask for a dataset by its id, or tell the peer",
)


def say_catalogue(found: Mapping[str, Any]) -> None:
    """Print a catalogue.

    Args:
        found: as `POST /v1/catalog` gives it.
    """
    datasets = found.get("dataset", [])
    say(_OFFERS, provider=found["provider"], count=len(datasets))
    if claims := found["claimsToBe"]:
        say(_CLAIMS, claims=claims)
    for dataset in datasets:
        put(f"  {dataset['@id']}  {title(dataset, spoken())}".rstrip())
        for offer in dataset["hasPolicy"]:
            say(_OFFER, id=offer["@id"])
            say_terms(offer, "      ")
    for lost in found["unreadable"]:
        name = lost["id"] or lost["dataset"] or _NO_ID
        place = said(_OF, dataset=lost["dataset"]) if lost["part"] != "dataset" else NOTHING
        what, why = _PARTS.get(lost["part"], lost["part"]), unreadable({"unreadable": lost["why"]})
        say(_LOST, what=what, name=name, place=place, why=why)
    if found["repeated"]:
        say(_REPEATED, count=found["repeated"])
    if cut := found["cut"]:
        say(_CUT, after=cut["after"], page=cut["page"], why=cut["why"])
        put(f"  {said(NEXT, step=_MAY_BE_MORE)}")
