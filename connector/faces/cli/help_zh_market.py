"""Help in Chinese: certification, catalogue, products, questions."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from connector.faces.cli.help_zh_said import PRODUCT, USUAL, Said

MARKET: Final[Mapping[str, Said]] = MappingProxyType(
    {
        "apply": Said(
            "以名称、登记号、所属主体和角色向运营方申请认证",
            USUAL
            | {
                "--name": "企业英文名称",
                "--name-zh": "企业中文名称",
                "--legal-id": "登记号：统一社会信用代码、LEI 等",
                "--legal-group": "同一控制下的企业：共用一个编号",
                "--role": "角色，可重复：provider（提供方）、consumer（使用方）、"
                "service（服务方）；默认前两个",
                "--wait": "等待运营方的决定",
                "--timeout": "最多等待的秒数",
            },
        ),
        "membership": Said(
            "申请、认证状态、状态文件，以及已向目录公布的内容",
            USUAL | {"--refresh": "立即向枢纽查询"},
        ),
        "search": Said(
            "检索共享目录：只显示提供方签名有效的结果",
            USUAL
            | {
                "text": "中文或英文词语，须全部出现；-词语 表示排除",
                "--domain": "数据域",
                "--level": "数据级别：1、2 或 3",
                "--mode": "方式：masked 或 homomorphic",
                "--provider": "提供方的 DID",
            },
        ),
        "publish": Said(
            "发布产品：由数据文件生成受保护表，并列入目录",
            USUAL
            | {
                "product": "产品文件（TOML）",
                "data": "数据文件（CSV 或 Parquet）；不给则只更新要约",
                "--accept-clamped": "允许某个指标有超过 1% 的值越界",
                "--check": "只说明会有什么结果，不发布",
                "--orders": "与 --check 一起：尝试几种维度次序",
            },
        ),
        "products": Said(
            "列出本连接器的产品，或显示其中一个的所有者报告",
            USUAL | {"product": "产品的标识：显示其报告，而不是列表"},
        ),
        "withdraw": Said(
            "从目录撤回一个产品；已签的协议不变，但不再回答对它的提问", USUAL | PRODUCT
        ),
        "renew": Said(
            "请求更新产品的联合统计表，或查看更新进度（须全部供应方参与）",
            USUAL | PRODUCT,
        ),
        "ask": Said(
            "在合约下提问，并显示答案",
            USUAL
            | {
                "sql": "提问：SELECT … FROM … [WHERE …] …",
                "--agreement": "合约编号；重复给出，则对多家求合计",
                "--purpose": "用途：planning、capacityPlanning、stockPlanning、"
                "deliveryReliability、quality、carbon、credit，或 IRI",
                "--mode": "masked 或 homomorphic；默认取可行的最省方式",
                "--question-id": "重复先前的提问：答案相同，不再计次",
                "--explain": "只说明是否允许，不计次",
                "--csv": "输出 CSV",
            },
        ),
    }
)
