"""What help says in Chinese of one command, and the options that many commands share."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class Said:
    """What a command does, and each argument or option by its first spelling.

    Where a command is one operation of the owner, its words begin with those of the operation.
    """

    does: str
    of: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


HOME: Final = {"--home": "voile.toml 与数据所在的文件夹"}
JSON: Final = {"--json": "输出 JSON"}
LANG: Final = {"--lang": "zh 或 en；默认按设置"}
USUAL: Final = HOME | LANG | JSON
ACCEPT_HEAD: Final = {
    "--accept-head": "日志的锚文件丢失，或整体由备份恢复后，仍继续签名，并在日志中记明。"
    "别人在备份之后见过的日志头仍足以证明分叉：此时日志已不可挽回，只能建立新节点、启用新日志"
}
PID: Final = {"pid": "本方的流程编号"}
WHY: Final = {"--reason": "理由，写给对方看", "--code": "理由，固定代码"}
UNTIL_CONCLUDED: Final = {
    "--wait": "等待，直到达成或结束",
    "--seconds": "--wait 最多等待的秒数",
}
PROVIDER: Final = {"provider": "提供方的 did:web:…"}
PRODUCT: Final = {"product": "产品的标识"}
NEW_HOME: Final = {
    "home": "要建立的文件夹",
    "--port": "协议端口；+1 为管理，+2 为监测指标",
    "--space": "数据空间的 IRI",
    "--language": "zh 或 en：此节点所说的语言；默认取 VOILE_LANG、中文的系统语言环境，否则 en",
    "--loopback-http": "本机各方之间使用明文 http",
    "--adopt": "设置丢失时，为现有数据文件夹重写设置",
}
TRUST: Final = {"--trust": "您信任的公钥，由 `voile audit trust` 写出"}
