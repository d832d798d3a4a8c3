"""Words of the list of our questions."""

from __future__ import annotations

from typing import Final

from crypto.words import Words

TITLE: Final = Words("提问", "Questions")
OURS: Final = Words("本方提出的", "Asked by us")
THEIRS: Final = Words("别人向本方提出的", "Asked of us")
NEW: Final = Words("新提问", "New question")
NONE: Final = Words(
    "本方提过的问题和答案列在这里", "Questions that you ask and their answers are listed here"
)
NONE_SUCH: Final = Words("没有这样的提问", "There are no such questions")
QUESTION: Final = Words("问题", "Question")
PROVIDER: Final = Words("提供方", "Provider")
PRODUCT: Final = Words("产品", "Product")
MODE: Final = Words("方式", "Mode")
ASKED: Final = Words("提问时间", "Asked")
CLEAR: Final = Words("清除筛选", "Clear filters")
SEVERAL: Final = Words("{count} 家合计", "total of {count} {count|firm|firms}")
