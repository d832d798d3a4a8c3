"""What can be wrong with a question to one provider."""

from __future__ import annotations

from typing import Final

from crypto.problem import Problem
from crypto.words import Words

MALFORMED: Final = Problem(
    "question-malformed",
    Words(
        "`{field}`：应为 {expected}，实为 `{got}`", "`{field}`: expected {expected}, got `{got}`"
    ),
    Words("请更正该字段；见 docs/api.md", "correct the field; docs/api.md shows the body"),
)
NO_FIELD: Final = Words("没有这一字段", "no such field")
SOMETHING: Final = Words("有内容", "something")
NOTHING: Final = Words("无", "nothing")
TEXT: Final = Words("文字", "a text")
CHARACTERS: Final = Words("至多 {most} 个字符", "at most {most} characters")
ID_FORM: Final = Words("8 到 200 个字母、数字或 `:._-`", "8 to 200 letters, digits or `:._-`")
BOOLEAN: Final = Words("true 或 false", "true or false")
VERSION_LIST: Final = Words("至多 {most} 个从 1 起的数", "at most {most} numbers from 1")
TRANSFER_SLOW: Final = Problem(
    "transfer-slow",
    Words(
        "传输 `{pid}` 未在 {seconds} 秒内开始",
        "the transfer `{pid}` did not start within {seconds} s",
    ),
    Words("见 `voile explain {pid}`，然后重新提问", "see `voile explain {pid}`, then ask again"),
)
OVERTAKEN: Final = Problem(
    "question-overtaken",
    Words(
        "规划问题期间数据或合约有了变化",
        "the data or the agreement changed while the question was planned",
    ),
    Words("请重新提问", "ask again"),
)
NOT_TAKEN: Final = Problem(
    "question-not-taken",
    Words("供方答复 {status}{words}", "the provider answered {status}{words}"),
)
UNFINISHED: Final = Problem(
    "question-unfinished",
    Words(
        "问题发出之后连接器内部出错，已写入日志",
        "an error inside the connector after the question had been sent; it was logged",
    ),
    Words(
        "请以 --question-id {questionId} 重新提问：不会重复计次",
        "ask again with --question-id {questionId}: it is not charged twice",
    ),
)
STEP_AND_AGAIN: Final = Words(
    "{step}；请以 --question-id {questionId} 重新提问：不会重复计次",
    "{step}; ask again with --question-id {questionId}: it is not charged twice",
)
SAME_PROVIDER: Final = Problem(
    "cohort.same-provider",
    Words("有两份合约属于同一供方", "two of the agreements are with the same provider"),
    Words("请为每个供方写明一份合约", "name one agreement for each provider"),
)
UNANSWERED: Final = Problem(
    "question-unanswered",
    Words("`{provider}` 没有答复", "no answer from `{provider}`"),
    Words("请查看供方是否在运行", "see whether the provider is up"),
)
