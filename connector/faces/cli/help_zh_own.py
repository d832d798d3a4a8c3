"""Help in Chinese: what no operation says, of commands and options of the command line alone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class Said:
    """What a command does, and each argument or option by its first spelling.

    Empty where the command does an operation, whose words these are then.
    """

    does: str = ""
    of: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


# options and arguments by their first spelling, where a command does not say otherwise
SHARED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "--home": "voile.toml 与数据所在的文件夹",
        "--json": "输出 JSON",
        "--csv": "输出 CSV",
        "--lang": "zh 或 en；默认按设置",
        "--accept-head": "日志的锚文件丢失，或整体由备份恢复后，仍继续签名，并在日志中记明。"
        "别人在备份之后见过的日志头仍足以证明分叉：此时日志已不可挽回，只能建立新节点、启用新日志",
        "--trust": "您信任的公钥，由 `voile audit trust` 写出",
        "--timeout": "最多等待的秒数",
        "--digest-of": "只输出此 DID 的摘要，供 --seen 使用",
        "bundle": "证据包文件夹",
        # of the two commands that make a home
        "home": "要建立的文件夹",
        "--port": "协议端口；+1 为管理，+2 为监测指标",
        "--space": "数据空间的 IRI",
        "--language": "zh 或 en：此节点所说的语言；默认取 VOILE_LANG、中文的系统语言环境，否则 en",
        "--loopback-http": "本机各方之间使用明文 http",
        "--adopt": "设置丢失时，为现有数据文件夹重写设置",
    }
)
_UNTIL_CONCLUDED: Final = {
    "--wait": "等待，直到达成或结束",
    "--seconds": "--wait 最多等待的秒数",
}
_TO_FILE: Final = {"--out": "写入这个新文件；不给则输出到屏幕"}
_UNTIL_KNOWN: Final = Said(of={"--wait": "等待所有连接器确认收到"})

# by the path of a command, without `voile`
WORDS: Final[Mapping[str, Said]] = MappingProxyType(
    {
        "": Said(
            "按合约回答不公开数据的汇总提问：可用不可见",
            {"--version": "显示各部分版本后退出"},
        ),
        "init": Said(
            "建立节点：设置、数据文件夹、密钥、管理令牌",
            {
                "--did": "本方的 did:web:…",
                "--public-url": "其他各方访问本节点的网址",
                "--role": "participant（参与方）或 hub（运营方）",
                "--hub": "运营方的 DID",
                "--database": "以 postgresql+psycopg://… 代替 SQLite",
            },
        ),
        "serve": Said(
            "运行本方节点，直到收到 SIGTERM", {"--profile": "仅供测试：edc 取代身份检查"}
        ),
        "doctor": Said("显示设置，并检查连接器运行所需的条件"),
        "status": Said(
            "显示此处运行着什么、在哪些端口、自何时起、是否就绪",
            {"--home": "节点文件夹，可重复；默认 VOILE_HOME，否则为当前文件夹中的节点"},
        ),
        "down": Said(
            "停止一个节点的连接器：先答完进行中的请求",
            {
                "--home": "节点文件夹，可重复；默认 VOILE_HOME，否则为此处唯一的节点",
                "--wait": "须在多少秒内结束",
            },
        ),
        "token": Said("管理令牌：本方命令调用连接器时出示"),
        "key": Said("管理密钥：谁可以用什么角色调用本连接器的管理接口"),
        "key add": Said(of={"--out": "令牌写入这个新文件（权限 0600），不显示"}),
        "person": Said("使用控制台的人员：邀请、列出、角色、停用"),
        "person invite": Said(
            of={"--until": "授权至此日结束，或至此时刻（UTC）；只用于审计员，到期自行失效"}
        ),
        "keys": Said("本连接器的密钥"),
        "approval": Said("等待另一人同意的申请：双人复核"),
        "outbox": Said("查看并处理等待发送的消息"),
        "demo": Said(
            "在本机运行五个进程，从认证到可审计的答案",
            {
                "--scale": "TPC-H 规模：0.1 为 600,572 行",
                "--keep": "让各进程继续运行，并给出每种角色的登录链接和可以尝试的命令",
                "--out": "存放数据、证据包和报告的文件夹",
                "--database": "PostgreSQL 服务器 postgresql+psycopg://…，代替 SQLite",
            },
        ),
        "audit": Said("存证：导出、核验、比对"),
        "audit export": Said(
            of={
                "--out": "要建立的证据包文件夹",
                "--open": "连同承诺背后的细节一并公开。给出一次密文合计的会话编号时，"
                "只公开这一次，含本方的贡献值，后者在其他情况下从不公开",
            },
        ),
        "audit trust": Said(
            of={
                "--out": "要写出的文件",
                "--hub-only": "只固定信任运营方（pinned），由它为其他各方作保",
            },
        ),
        "audit verify": Said("离线核验一个证据包；不给 --trust，结论至多为 UNCHECKED"),
        "audit diff": Said(
            "逐个核验各方的证据包，再并排比对\n\n多家供应方的合计，按各方公开的细节重新相加。",
            {"a": "一方的证据包", "b": "另一方的证据包", "others": "其他各方的证据包"},
        ),
        "audit drill": Said(
            "以数千种方式改动证据包的副本：每一处改动都必须被发现",
            {"--flips": "每个大文件中翻转的位数"},
        ),
        "audit dossier": Said(of={"--out": "写入这个新文件：一份无需其他文件的 HTML"}),
        "evidence": Said("本节点自己日志中的记录"),
        "apply": Said(of={"--wait": "等待运营方的决定"}),
        "product": Said(
            "一个产品：由数据或数据合约写出其产品文件的初稿；查看它是什么，可以对它提出什么问题"
        ),
        "product draft": Said(
            "根据数据写出产品文件的初稿，凡须由人决定之处都有注释\n\n"
            "在本机读完全部数据，不需要运行中的连接器，也不向任何一方发送任何内容。",
            {
                "data": "CSV、Parquet 或 Excel（.xlsx）文件；或文件夹，须给出 --files",
                "--files": "文件夹：其中文件名的模式，如 '*.csv'",
                "--sheet": "工作簿：工作表名；只有一个时可不给",
                "--header-row": "工作表：列名所在行的行号",
                "--database": "代替文件：databases.toml 中的名称",
                "--table": "数据库：表或视图",
                "--query": "数据库：一条查询",
                **_TO_FILE,
            },
        ),
        "product import": Said(
            "根据 ODCS 3.1 或 3.2 的数据合约写出产品文件的初稿，没有对应的部分逐项列出\n\n"
            "需要 voile[odcs]。在本机读取合约，不需要运行中的连接器，也不向任何一方发送任何内容。",
            {
                "contract": "Open Data Contract Standard 的 YAML 文件",
                "--object": "合约中的对象名；只有一个时可不给",
                **_TO_FILE,
            },
        ),
        "products": Said(of={"product": "产品的标识：显示其报告，而不是列表"}),
        "unpublish": Said(of={"--yes": "不再询问"}),
        "publish": Said(
            of={
                "--check": "只说明会有什么结果，不发布",
                "--refresh": "不给文件，而是重新读取此产品的数据",
            }
        ),
        "questions": Said(
            of={
                "--received": "别人对我方数据的提问",
                "--since": "自此日或此时刻起（UTC）：2026-11-30",
                "--until": "至此日结束，或此时刻之前（UTC）",
                "--before": "下一页：照所示的一行给出",
                "--bom": "供 Excel 使用的 CSV：带字节顺序标记",
            },
        ),
        "negotiate": Said(of=_UNTIL_CONCLUDED),
        "accept": Said(of={"--yes": "条款与所请求的不同，仍然接受"}),
        "transfer": Said("开启和管理传输"),
        "transfer start": Said(of=_UNTIL_CONCLUDED),
        "transfer send": Said(
            of={
                "--to": "https URL，提供方以 POST 把文件送到此处",
                "--authorization-file": "文件，内含该 URL 的 Authorization 值",
                "--seconds": "等待送达的秒数",
            },
        ),
        "hub": Said("运营方的节点", {"--home": "运行此文件夹中运营方的节点"}),
        "hub serve": Said("运行运营方的节点，直到收到 SIGTERM"),
        "hub init": Said(
            "建立运营方的节点：设置、数据文件夹、密钥、管理令牌",
            {"--did": "运营方的 did:web:…", "--public-url": "各连接器访问运营方的网址"},
        ),
        "hub approve": _UNTIL_KNOWN,
        "hub suspend": _UNTIL_KNOWN,
        "hub reinstate": _UNTIL_KNOWN,
        "hub revoke": _UNTIL_KNOWN,
        "hub status": Said(of={"--serial": "谁已确认收到此序号的状态文件"}),
    }
)
