"""What the ends of negotiations and transfers say, in Chinese and English: by code of the end."""

from __future__ import annotations

from typing import Final

PROCESS: Final[dict[str, tuple[str, str]]] = {
    "negotiation.refused": ("供方未同意该请求", "the provider did not agree to the request"),
    "transfer.refused": ("供方未开始该传输", "the provider did not start the transfer"),
    "offer.unknown": (
        "供方目录中没有这一要约",
        "there is no such offer in the provider's catalogue",
    ),
    "agreement.assigner-differs": (
        "合约写明的供方不是谈判对方",
        "the agreement names another provider than the one that was talked to",
    ),
    "agreement.assignee-differs": (
        "合约写明的使用方不是本方",
        "the agreement names another consumer than the one that asked",
    ),
    "agreement.target-differs": (
        "合约所涉的数据集不是所请求的",
        "the agreement is about another dataset than was asked for",
    ),
    "agreement.terms-differs": (
        "合约条款与最后的要约不同",
        "the terms of the agreement are not those of the last offer",
    ),
    "agreement.id-reused": (
        "合约所用的编号在使用方处已代表其他",
        "the agreement bears an id that stands for something else at the consumer already",
    ),
    "agreement.timestamp-differs": ("合约没有时间戳", "the agreement is not dated"),
}
