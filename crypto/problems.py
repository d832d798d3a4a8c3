"""What can be wrong with a field, with text that should be JSON, an address, a moment, a DID."""

from __future__ import annotations

from typing import Final

from crypto.problem import Problem
from crypto.words import Words

# fields of records and of foreign objects
FIELD_WRONG: Final = Problem(
    "field-wrong",
    Words(
        "字段 `{pointer}`：应为{expected}，实为{got}",
        "field `{pointer}`: expected {expected}, got {got}",
    ),
    Words("请改正 `{pointer}`", "correct `{pointer}`"),
)
NOTHING: Final = Words("空", "nothing")
A_JSON_ARRAY: Final = Words(" JSON 数组", "a JSON array")
A_JSON_OBJECT: Final = Words(" JSON 对象", "a JSON object")
AN_OBJECT: Final = Words("对象", "an object")
NO_SUCH_FIELD: Final = Words("不含此字段", "no such field")
ALL_DIFFERENT: Final = Words("互不相同的各项", "items that differ from each other")
TRUE_OR_FALSE: Final = Words("true 或 false", "true or false")
A_NUMBER: Final = Words("数值", "a number")
AN_INTEGER: Final = Words("{least} 至 {most} 的整数", "an integer of {least} to {most}")
A_TEXT: Final = Words(
    "{least} 至 {most} 个字符的文本，不含控制字符",
    "text of {least} to {most} characters, without control characters",
)
AN_IRI: Final = Words(
    "{least} 至 {most} 个字符的绝对 IRI，不含控制字符",
    "an absolute IRI of {least} to {most} characters, without control characters",
)
A_LIST: Final = Words("{least} 至 {most} 项的列表", "a list of {least} to {most} items")
ANYTHING: Final = Words("任意值", "anything")

# expectations that readers of other rooms share
TEXT_OF: Final = Words("1 至 {most} 个字符的文本", "text of 1 to {most} characters")
NO_CONTROL: Final = Words("不含控制字符的文本", "text without control characters")
ONE_OF: Final = Words("下列之一：{known}", "one of {known}")
A_WHOLE_NUMBER: Final = Words("{least} 至 {most} 的整数", "a whole number from {least} to {most}")
AN_ARRAY: Final = Words("{least} 至 {most} 个元素的数组", "an array of {least} to {most} elements")
A_DID: Final = Words("did:web DID", "a did:web DID")
A_DIGEST: Final = Words("摘要 `sha-256:…`", "a digest `sha-256:…`")

# JSON
_PLAIN_JSON: Final = Words("请发送普通的 RFC 8259 JSON", "send plain RFC 8259 JSON")
JSON_TOO_LARGE: Final = Problem(
    "json-too-large",
    Words(
        "JSON 有误：最多 {most} 字节，实有 {got} 字节",
        "malformed JSON: expected at most {most} bytes, got {got}",
    ),
    _PLAIN_JSON,
)
JSON_NOT_UTF8: Final = Problem(
    "json-not-utf-8",
    Words("JSON 有误：第 {place} 字节处不是 UTF-8", "malformed JSON: not UTF-8 at byte {place}"),
    _PLAIN_JSON,
)
JSON_SYNTAX: Final = Problem(
    "json-syntax",
    Words(
        "JSON 有误：第 {line} 行第 {column} 列不是 JSON：{why}",
        "malformed JSON: not JSON at line {line}, column {column}: {why}",
    ),
    _PLAIN_JSON,
)
JSON_TOO_DEEP: Final = Problem(
    "json-too-deep",
    Words("JSON 有误：嵌套超过 {most} 层", "malformed JSON: nested deeper than {most}"),
    _PLAIN_JSON,
)
JSON_SURROGATE: Final = Problem(
    "json-surrogate",
    Words("JSON 有误：字符串中有孤立的代理码", "malformed JSON: a lone surrogate in a string"),
    _PLAIN_JSON,
)
JSON_DUPLICATE: Final = Problem(
    "json-duplicate",
    Words(
        "JSON 有误：键 {key} 在一个对象中出现两次",
        "malformed JSON: the key {key} stands twice in one object",
    ),
    _PLAIN_JSON,
)
JSON_INTEGER: Final = Problem(
    "json-integer",
    Words(
        "JSON 有误：整数超过 2^53；请写成字符串",
        "malformed JSON: an integer beyond 2^53; write it as a string",
    ),
    _PLAIN_JSON,
)
JSON_NUMBER: Final = Problem(
    "json-number",
    Words(
        "JSON 有误：数值超过 2^53；请写成字符串",
        "malformed JSON: a number beyond 2^53; write it as a string",
    ),
    _PLAIN_JSON,
)
JSON_CONSTANT: Final = Problem(
    "json-constant",
    Words("JSON 有误：`{text}` 不是 JSON", "malformed JSON: `{text}` is not JSON"),
    _PLAIN_JSON,
)
NOT_CANONICAL: Final = Problem(
    "json-canonical",
    Words("{what}没有规范的 JSON 写法", "no canonical JSON for {what}"),
    Words(
        "请使用字符串、2^53 以内的整数、布尔值、列表和对象",
        "use strings, integers within 2^53, booleans, lists and objects",
    ),
)
LONE_SURROGATE: Final = Words("孤立的代理码", "a lone surrogate")
INTEGER_BEYOND: Final = Words("超过 2^53 的整数", "an integer beyond 2^53")
KEY_NO_STRING: Final = Words("不是字符串的键", "a key that is not a string")
NUMBER_BEYOND: Final = Words(
    "非有限或超过 2^53 的数值", "a number that is not finite or beyond 2^53"
)
OF_TYPE: Final = Words("{type} 类型的值", "a {type}")
MORE_LEVELS: Final = Words("超过 {most} 层的值", "more than {most} levels")
BASE64: Final = Problem(
    "base64",
    Words(
        "应为规范的 base64，实为 {count} 个不合此形式的字符",
        "expected canonical base64, got {count} characters that are not",
    ),
    Words(
        "请按该格式编码字节，不含空格和换行",
        "send the bytes encoded as the format says, without spaces or line ends",
    ),
)

# moments
INSTANT: Final = Problem(
    "instant-malformed",
    Words("应为{expected}，实为 `{got}`", "expected {expected}, got `{got}`"),
    Words(
        "请按 XML Schema 书写，以 `Z` 或时差结尾",
        "write it as XML Schema does, with `Z` or an offset at its end",
    ),
)
A_MOMENT: Final = Words(
    "日期，或带时区的时刻，如 2027-12-31T00:00:00Z",
    "a date or an instant with its zone, e.g. 2027-12-31T00:00:00Z",
)
AN_HTTP_DATE: Final = Words(
    "日期，如 `Sun, 06 Nov 1994 08:49:37 GMT`", "a date such as `Sun, 06 Nov 1994 08:49:37 GMT`"
)
A_DAY: Final = Words("日历上的一天", "a day of the calendar")
IN_CALENDAR: Final = Words(
    "UTC 公元 0001 至 9999 年间的时刻", "a moment of the years 0001 to 9999 in UTC"
)

# kinds of JSON values
NULL: Final = Words(" null", "null")
A_BOOLEAN: Final = Words("布尔值", "a boolean")
AN_EMPTY_STRING: Final = Words("空字符串", "an empty string")
A_STRING: Final = Words("字符串", "a string")
A_JSON_LIST: Final = Words("数组", "an array")
