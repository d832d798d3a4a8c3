"""What can be wrong on pages that combine several areas."""

from __future__ import annotations

from typing import Final

from crypto.problem import Problem
from crypto.words import Words

UNSAID: Final = Problem(
    "page.reason-missing",
    Words(
        "未写明原因，或未确认后果",
        "no reason was given, or it was not said that what follows is understood",
    ),
    Words("请写明原因并勾选确认", "give a reason and tick the box"),
)
NOT_ASKED: Final = Problem(
    "question-not-asked",
    Words(
        "本连接器出错，提问未完成（{why}）", "an error of ours: the question was not done ({why})"
    ),
    Words(
        "请用同一编号再次提问，不会重复计次", "ask again under the same id: it is not charged twice"
    ),
)
QUESTION_MISSING: Final = Problem(
    "question-unknown",
    Words("本方没有提过编号为 `{question}` 的问题", "we asked no question `{question}`"),
    Words("请打开“提问”页查找", "look for it on the page Questions"),
)
QUESTION_UNANSWERED: Final = Problem(
    "answer-not-yet",
    Words("问题 `{question}` 还没有答案", "the question `{question}` has no answer yet"),
    Words("请打开它的页面查看状态", "its page says how it stands"),
)
OTHERS_SLOW: Final = Problem(
    "pages-waiting",
    Words(
        "已有其他页面在等待别的连接器答复，此页暂不再等",
        "other pages wait for other connectors to answer; this one does not wait too",
    ),
    Words("请稍后再打开此页", "open this page again in a moment"),
)
OTHER_PRODUCT: Final = Problem(
    "product.other",
    Words(
        "这是产品 `{other}` 的产品文件，不是 `{product}` 的",
        "this is the product file of `{other}`, not of `{product}`",
    ),
    Words(
        "请把 `id` 改回 `{product}`，或到 `{other}` 的页面发布",
        "put `id` back to `{product}`, or publish it on the page of `{other}`",
    ),
)
