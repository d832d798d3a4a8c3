"""Help in Chinese: catalogues of providers, negotiations, agreements, transfers."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from connector.faces.cli.help_zh_said import (
    HOME,
    JSON,
    PID,
    PROVIDER,
    UNTIL_CONCLUDED,
    USUAL,
    WHY,
    Said,
)

_AGREEMENT: Final = {"agreement_id": "合约的 @id"}
_UNDER: Final = {"agreement_id": "所依合约的 @id"}
_FILE_OF: Final = {"agreement": "合约的 @id"}

CONTRACTS: Final[Mapping[str, Said]] = MappingProxyType(
    {
        "catalog": Said("读取某个提供方的 DSP 目录（全部分页）", USUAL | PROVIDER),
        "negotiate": Said(
            "向提供方请求一项要约，发起协商；以 FINALIZED 或 TERMINATED 结束",
            USUAL
            | PROVIDER
            | UNTIL_CONCLUDED
            | {"dataset": "数据集的 @id", "--offer": "有多项要约时，所选要约的 @id"},
        ),
        "accept": Said(
            "接受提供方的要约；条款与所请求的不同时，须用 --yes 确认",
            USUAL | PID | {"--yes": "条款与所请求的不同，仍然接受"},
        ),
        "negotiation": Said("一项协商的状态，以及对方要约与所请求内容的差异", USUAL | PID),
        "negotiations": Said("协商列表，最新的在前", HOME | JSON),
        "terminate": Said("终止一项协商", HOME | JSON | PID | WHY),
        "explain": Said("说明一项协商或传输为何停在当前状态，以及如何处理", USUAL | PID),
        "agreement": Said(
            "一份合约：正文、已签署的各阶段、进行中的传输、由谁因何终止",
            HOME | JSON | _AGREEMENT,
        ),
        "agreements": Said("全部合约，最新的在前；终止合约，或取回丢失的合约", HOME | JSON),
        "agreements end": Said(
            "终止一份合约，无论其下有无传输：此后不再提问、开启传输或作答",
            USUAL | WHY | _AGREEMENT,
        ),
        "agreements recover": Said(
            "向提供方取回本库丢失的合约（例如由备份恢复之后）",
            USUAL | {"--from": "提供方的 did:web:…"},
        ),
        "transfer": Said("开启和管理传输"),
        "transfer start": Said(
            "为一份合约开启传输；状态为 STARTED 时可以提问",
            HOME | JSON | UNTIL_CONCLUDED | _UNDER,
        ),
        "transfer list": Said("传输列表，最新的在前", HOME | JSON),
        "transfer suspend": Said(
            "暂停一项传输；提供方的暂停只有提供方自己能解除", HOME | JSON | PID | WHY
        ),
        "transfer resume": Said("恢复一项已暂停的传输", HOME | JSON | PID),
        "transfer complete": Said("声明一项传输已完成", HOME | JSON | PID),
        "transfer terminate": Said("终止一项传输", HOME | JSON | PID | WHY),
        "transfer fetch": Said(
            "取回合约的文件（HttpData-PULL）；中断后再次执行即续传",
            HOME | JSON | _FILE_OF | {"--out": "文件写到何处；该处须尚无文件"},
        ),
        "transfer send": Said(
            "让提供方把合约的文件推送到 URL（HttpData-PUSH），等到送达为止",
            HOME
            | JSON
            | _FILE_OF
            | {
                "--to": "https URL，提供方以 POST 把文件送到此处",
                "--authorization-file": "文件，内含该 URL 的 Authorization 值",
                "--seconds": "最多等待的秒数",
            },
        ),
    }
)
