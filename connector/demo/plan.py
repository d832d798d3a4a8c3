"""The ten steps in their order, with their names in the report."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from connector.demo.results import Text
from connector.demo.stage import Stage
from connector.demo.steps import (
    ask,
    attack,
    audit,
    behind,
    certify,
    compare,
    negotiate,
    publish,
    refuse,
    revoke,
    search,
    sights,
    wrong,
)


@dataclass(frozen=True, slots=True)
class Planned:
    """One step of the plan."""

    name: str
    title: Text
    run: Callable[[Stage], None]


def _refusals(stage: Stage) -> None:
    refuse.run(stage)
    revoke.run(stage)
    attack.run(stage)
    behind.run(stage)
    wrong.run(stage)


_TITLES: Final = {
    "certify": Text("Certify four firms", "认证四家企业"),
    "publish": Text("Publish, with protected tables", "发布产品，生成受保护表"),
    "search": Text("Search the shared catalogue, zh and en", "中英文检索共享目录"),
    "negotiate": Text("Negotiate with three suppliers", "与三家供应方协商签约"),
    "masked": Text("A masked question to one supplier", "向一家供应方提问（屏蔽统计）"),
    "homomorphic": Text("An encrypted total over three suppliers", "三家供应方的同态加密合计"),
    "refusals": Text("Refusals, and three attacks", "拒绝，以及三次攻击"),
    "compare": Text("Every released number beside the plaintext", "逐一与明文结果比对"),
    "audit": Text("Audit: export, verify, diff, drill", "审计：导出、核验、对账、演练"),
    "sights": Text("What each party saw", "各方看到了什么"),
}
_RUNS: Final[Sequence[Callable[[Stage], None]]] = (
    certify.run,
    publish.run,
    search.run,
    negotiate.run,
    ask.masked,
    ask.homomorphic,
    _refusals,
    compare.run,
    audit.run,
    sights.run,
)
PLAN: Final = tuple(
    Planned(name, title, run) for (name, title), run in zip(_TITLES.items(), _RUNS, strict=True)
)
