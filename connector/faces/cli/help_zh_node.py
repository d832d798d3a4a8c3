"""Help in Chinese: the node, its keys and messages, its evidence, the demonstration."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from connector.faces.cli.help_zh_said import (
    ACCEPT_HEAD,
    HOME,
    JSON,
    LANG,
    NEW_HOME,
    TRUST,
    USUAL,
    Said,
)

_KEY_NAME: Final = {"name": "密钥名称，自定"}
_BUNDLE: Final = {"bundle": "证据包文件夹"}

NODE: Final[Mapping[str, Said]] = MappingProxyType(
    {
        "": Said(
            "按合约回答不公开数据的汇总提问：可用不可见",
            {"--version": "显示各部分版本后退出"},
        ),
        "init": Said(
            "建立节点：设置、数据文件夹、密钥、管理令牌",
            NEW_HOME
            | JSON
            | {
                "--did": "本方的 did:web:…",
                "--public-url": "其他各方访问本节点的网址",
                "--role": "participant（参与方）或 hub（枢纽）",
                "--hub": "枢纽的 DID",
                "--database": "以 postgresql+psycopg://… 代替 SQLite",
            },
        ),
        "serve": Said(
            "运行本方节点，直到收到 SIGTERM",
            HOME | ACCEPT_HEAD | JSON | {"--profile": "仅供测试：edc 取代身份检查"},
        ),
        "doctor": Said("显示设置，并检查连接器运行所需的条件", HOME | JSON),
        "status": Said(
            "显示此处运行着什么、在哪些端口、自何时起、是否就绪",
            JSON
            | {"--home": "要查看的节点文件夹，可重复；默认 VOILE_HOME，否则为当前文件夹中的节点"},
        ),
        "down": Said(
            "停止一个节点的连接器：先答完进行中的请求",
            JSON
            | {
                "--home": "节点文件夹，可重复；默认 VOILE_HOME，否则为此处唯一的节点",
                "--wait": "最多等待的秒数",
            },
        ),
        "token": Said("管理令牌：本方命令调用连接器时出示"),
        "token renew": Said(
            "重新生成首个管理密钥的令牌并写入其文件；其旧令牌作废\n\n"
            "令牌在手时由运行中的连接器完成。令牌丢失时先停止连接器：由密钥文件证明节点归属。"
            "整体由备份恢复之后，第一个写入的命令必须用 --accept-head 说明，此命令也不例外。",
            HOME | ACCEPT_HEAD | JSON,
        ),
        "key": Said("管理密钥：谁可以用什么角色调用本连接器的管理接口"),
        "key add": Said(
            "生成一个具有指定角色的管理密钥；其令牌只显示这一次，或写入文件",
            HOME
            | JSON
            | _KEY_NAME
            | {
                "--role": "角色，可重复：steward、cdo、security、certifier、auditor",
                "--out": "令牌写入这个新文件（权限 0600），不显示",
            },
        ),
        "key list": Said(
            "管理密钥：编号、名称、角色、是否已吊销（已吊销的也列出，当时的存证仍指向它们）",
            HOME | JSON,
        ),
        "key revoke": Said("吊销一个管理密钥：从现在起它不再有效", HOME | JSON | _KEY_NAME),
        "keys": Said("本连接器的密钥"),
        "keys rotate": Said(
            "生成令牌和协议的新密钥，并向运营方证明；应答说明何时启用\n\n"
            "十五秒后启用，届时所有成员都已得知新密钥；旧密钥此前的签名仍然有效。失败后再次执行："
            "再次证明的是同一批密钥。旧密钥丢失时，建立新节点并重新申请，由运营方决定。",
            USUAL,
        ),
        "keys show": Said("在用和即将启用的密钥的指纹，以及状态文件是否列出它们", USUAL),
        "audit": Said("存证：导出、核验、比对"),
        "audit export": Said(
            "写出证据包，含本节点所能证明的一切",
            HOME
            | ACCEPT_HEAD
            | JSON
            | {
                "--out": "要建立的文件夹",
                "--open": "连同承诺背后的细节一并公开。给出一次密文合计的会话编号时，"
                "只公开这一次，含本方的贡献值，后者在其他情况下从不公开",
            },
        ),
        "audit trust": Said(
            "把本节点所见的各方公钥写成信任文件",
            HOME
            | JSON
            | {
                "--out": "要写出的文件",
                "--party": "DID；默认为本节点所知的全部",
                "--hub-only": "只固定信任枢纽（pinned），由它为其他各方作保",
            },
        ),
        "audit verify": Said(
            "离线核验一个证据包；不给 --trust，结论至多为 UNCHECKED",
            TRUST | JSON | _BUNDLE,
        ),
        "audit diff": Said(
            "逐个核验各方的证据包，再并排比对\n\n多家供应方的合计，按各方公开的细节重新相加。",
            TRUST
            | JSON
            | {"a": "一方的证据包", "b": "另一方的证据包", "others": "其他各方的证据包"},
        ),
        "audit drill": Said(
            "以数千种方式改动证据包的副本：每一处改动都必须被发现",
            TRUST | JSON | _BUNDLE | {"--flips": "每个大文件中翻转的位数"},
        ),
        "outbox": Said("查看并处理等待发送的消息"),
        "outbox list": Said(
            "等待、搁置和已送达的消息，最新的在前；搁置的用 `voile outbox retry` 重发",
            HOME | JSON | {"--state": "只列出此状态；默认全部", "--limit": "最多列出的条数"},
        ),
        "outbox retry": Said("再次发送一条搁置的消息", HOME | JSON | {"message": "搁置消息的编号"}),
        "demo": Said(
            "在本机运行五个进程，从认证到可审计的答案",
            LANG
            | {
                "--scale": "TPC-H 规模：0.1 为 600,572 行",
                "--keep": "让各进程继续运行，并给出可以尝试的命令",
                "--out": "存放数据、证据包和报告的文件夹",
                "--database": "PostgreSQL 服务器 postgresql+psycopg://…，代替 SQLite",
            },
        ),
    }
)
