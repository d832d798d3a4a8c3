"""What can be wrong with the shape of a message of the Dataspace Protocol."""

from __future__ import annotations

from typing import Final

from crypto.problem import Problem
from crypto.words import Words

MALFORMED: Final = Problem(
    "message.malformed",
    Words("`{pointer}`：应为{expected}，实为{got}", "`{pointer}`: expected {expected}, got {got}"),
    Words(
        "请将该消息与其类型的 DSP 2025-1 模式对照",
        "compare the message with the DSP 2025-1 schema of its type",
    ),
)
NOT_JSON: Final = Problem(
    "message.not-json",
    Words("消息不是 JSON：{why}", "{why}"),
    Words("请发送普通的 RFC 8259 JSON", "send plain RFC 8259 JSON"),
)
FILTER: Final = Problem(
    "catalog.filter-unsupported",
    Words(
        "`{pointer}`：应为空、空数组或单纯的分页（含 `limit` 和 `offset` 的 `QuerySpec`），"
        "实为其他过滤条件",
        "`{pointer}`: expected nothing, an empty array or plain paging (`QuerySpec` with `limit`"
        " and `offset`), got another filter",
    ),
    Words("请读取整个目录，再自行选择", "ask for the whole catalogue and choose on your side"),
)

# what was expected
A_STRING: Final = Words("字符串", "a string")
NON_EMPTY: Final = Words("非空字符串", "a non-empty string")
SO_LONG: Final = Words("至多 {most} 个字符", "at most {most} characters")
NO_CONTROL: Final = Words("不含控制字符的字符串", "a string without control characters")
AN_ARRAY: Final = Words("数组", "an array")
AN_ARRAY_OF: Final = Words("至少 {least} 项的数组", "an array of at least {least}")
AN_OBJECT: Final = Words("对象", "an object")
THIS_KEY: Final = Words("此键", "this key")
NO_KEY: Final = Words("此处不含此键", "no such key here")
EXACTLY_ONE: Final = Words("{keys} 中恰好一项", "exactly one of {keys}")
AT_LEAST_ONE: Final = Words("{keys} 中至少一项", "at least one of {keys}")
COMPACT: Final = Words("此键的紧凑名称", "the compact name of this key")
NO_WAY_UP: Final = Words("可作网址一段的编号", "an id that can be a part of an address")
STRING_OBJECT_ARRAY: Final = Words("字符串、对象或数组", "a string, an object or an array")
STRING_OR_STRINGS: Final = Words("字符串或字符串数组", "a string or an array of strings")
STRING_OR_SERVICE: Final = Words("字符串或数据服务", "a string or a data service")
DATE_TIME: Final = Words(" xsd:dateTime", "an xsd:dateTime")
A_CONSTRAINT: Final = Words("约束", "a constraint")
ONE_CONSTRAINT: Final = Words(
    "单个比较或逻辑约束之一", "either a comparison or a logical constraint"
)
MESSAGE_TYPE: Final = Words("DSP 2025-1 的消息类型", "a message type of DSP 2025-1")
A_TYPE: Final = Words(" {type}", "a {type}")
STRINGS: Final = Words("字符串数组", "an array of strings")
AMONG_THEM: Final = Words("其中有 `{context}`", "`{context}` among them")
READABLE: Final = Words("可以读取的一项", "one that can be read")

# what was there
CHARACTERS: Final = Words("{count} 个字符", "{count} characters")
ONE_WITH: Final = Words("含有控制字符的字符串", "one with")
ANOTHER: Final = Words("其他内容", "another")
NOTHING: Final = Words("空", "nothing")
OF_THEM: Final = Words("{count} 项", "{count} of them")
NONE: Final = Words("无", "none")
AN_ALIAS: Final = Words("它的别名", "an alias of it")
BOTH: Final = Words("两者皆有", "both")
OTHERS: Final = Words("其他", "others")
