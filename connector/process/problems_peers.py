"""What can be wrong with the answer of a peer, whatever was asked."""

from __future__ import annotations

from typing import Final

from crypto.problem import Problem
from crypto.words import Words

DELIVERY_ANSWERED: Final = Problem(
    "peer-refused",
    Words("供方对交付答复 {status}", "the provider answered {status} to a delivery"),
)
UNREADABLE: Final = Problem(
    "peer-unreadable",
    Words("`{party}` 的答复无法读取：{why}", "the answer of `{party}` cannot be read: {why}"),
    Words(
        "请告知对方的运营人员；所预期的内容写在消息中",
        "tell the peer's operator; what was expected is in the message",
    ),
)
NO_JSON: Final = Problem(
    "peer-unreadable",
    Words(
        "供方答复 {status}，内容不是 JSON：{why}",
        "the provider answered {status} with no JSON: {why}",
    ),
    Words(
        "请稍后重新提问；若一直如此，请告知供方的运营人员",
        "ask again later; if it stays so, tell the provider's operator",
    ),
)
NO_GZIP: Final = Problem(
    "peer-unreadable",
    Words("该答复不是 gzip", "the answer is no gzip"),
)
TOO_LARGE: Final = Problem(
    "peer-too-large",
    Words("该答复解压后多于 {most} 字节", "the answer decodes to more than {most} bytes"),
)
NO_LIST: Final = Problem(
    "peer-unreadable",
    Words("`{party}` 的答复不是合约列表", "the answer of `{party}` is no list of agreements"),
    Words("请告知对方的运营人员", "tell the peer's operator"),
)
PARTY_ANSWERED: Final = Problem(
    "peer-refused",
    Words("`{party}` 答复 {status}{reason}", "`{party}` answered {status}{reason}"),
)
ANSWER_UNREADABLE: Final = Problem(
    "peer-unreadable",
    Words(
        "`{party}` 的答复（{status}）无法读取：{why}",
        "the answer of `{party}` ({status}) cannot be read: {why}",
    ),
    Words(
        "请重试；若一直如此，请告知对方的运营人员",
        "try again; if it stays so, tell the peer's operator",
    ),
)
