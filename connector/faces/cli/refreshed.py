"""How refreshes of a product stand, as lines beneath its report or the list of products."""

from collections.abc import Mapping
from typing import Any, Final

from connector.faces.cli.client import harmless, say
from crypto.words import Words

_NEXT: Final = Words(
    "{product}：按 `{schedule}`（{zone}）更新，下一次为 {next}",
    "{product}: refreshed `{schedule}` ({zone}), next at {next}",
)
_NEVER: Final = Words(
    "{product}：`{schedule}` 不会执行：{trouble}",
    "{product}: `{schedule}` never comes: {trouble}",
)
_FAILED: Final = Words(
    "{product}：{at} 的更新失败，仍为原来的数据版本：{why}",
    "{product}: the refresh of {at} failed, and the data version before it stays: {why}",
)
_STEP: Final = Words("  下一步：{step}", "  next: {step}")
_ENDED: Final = {
    "running": Words("{product}：{at} 起正在更新", "{product}: is being refreshed since {at}"),
    "done": Words(
        "{product}：上次更新为 {at}，产生了新的数据版本",
        "{product}: last refreshed at {at}, with a new data version",
    ),
    "unchanged": Words(
        "{product}：上次更新为 {at}，可公布的内容未变",
        "{product}: last refreshed at {at}; nothing that may be shown differed",
    ),
}


def say_refreshes(product: str, stands: Mapping[str, Any] | None, *, all_of_it: bool) -> None:
    """Print how they stand.

    Args:
        product: its id.
        stands: `refresh` of the product, as the API gives it; None where there is none.
        all_of_it: also what went well, and when the next one is.
    """
    if not stands:
        return
    last = stands.get("last")
    if last and last["state"] == "failed" and not last.get("settled"):
        error = last["error"]
        say(_FAILED, product=product, at=last["at"], why=harmless(error["message"]))
        if error["next"]:
            say(_STEP, step=harmless(error["next"]))
    elif last and all_of_it and last["state"] in _ENDED:
        say(_ENDED[last["state"]], product=product, at=last["at"])
    if trouble := stands.get("trouble"):
        schedule = stands["schedule"]
        say(_NEVER, product=product, schedule=schedule, trouble=harmless(trouble))
    elif all_of_it and "next" in stands:
        told = {name: stands[name] for name in ("schedule", "zone", "next")}
        say(_NEXT, product=product, **told)
