"""Help in Chinese: what an owner sees of its products and of what others ask of them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from connector.faces.cli.help_zh_said import PRODUCT, USUAL, Said

OWNER: Final[Mapping[str, Said]] = MappingProxyType(
    {
        "product": Said("查看一个产品，以及可以对它提出的问题"),
        "product show": Said(
            "产品说明页：名称、单位、代码、要约及其差别、可以提出的问题",
            USUAL | PRODUCT | {"--provider": "若非本方产品：其提供方的 DID"},
        ),
        "unpublish": Said(
            "收回一个尚无人签约或协商的产品：连同其数据版本一并删除", USUAL | PRODUCT
        ),
        "questions": Said(
            "本方提过的问题，最新的在前；或别人向本方提的问题",
            USUAL
            | {
                "--received": "别人对我方数据的提问",
                "--from": "由此参与方提出：其 DID",
                "--agreement": "依据此合约提出",
                "--product": "关于此产品",
                "--since": "自此日或此时刻起（UTC）：2026-11-30",
                "--until": "至此日结束，或此时刻之前（UTC）",
                "--state": "结果为此状态的；默认全部",
                "--limit": "最多显示的条数；默认 100，CSV 为全部",
                "--before": "下一页：照所示的一行给出",
                "--csv": "输出 CSV",
                "--bom": "供 Excel 使用的 CSV：带字节顺序标记",
            },
        ),
    }
)
