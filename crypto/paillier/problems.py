"""What can be wrong with keys, proofs and layouts of homomorphic sums.

What a foreign value has wrong is never told: all such refusals are one.
"""

from __future__ import annotations

from typing import Final

from crypto.problem import Problem
from crypto.words import Words

REFUSED: Final = Problem(
    "paillier.refused",
    Words("同态密文批或密钥被拒绝", "the homomorphic batch or key was refused"),
    Words("请以新的会话重新提问", "start the question again with a fresh session"),
)
LAYOUT: Final = Problem(
    "paillier.layout",
    Words(
        "列 `{column}` 的值放不进 {bits} 位",
        "values of column `{column}` do not fit into {bits} bits",
    ),
    Words(
        "请声明更窄的上下限或更低的行数上限，或用更长的密钥",
        "declare tighter bounds or a lower cap on rows, or use a longer key",
    ),
)
BOUNDS: Final = Problem(
    "paillier.bounds",
    Words(
        "列 `{column}` 有值超出所规划的范围",
        "a value of column `{column}` is outside the bounds it was planned for",
    ),
    Words("请以更高的每格行数上限重新提问", "ask again with a higher cap on rows per cell"),
)
JWK: Final = Problem(
    "paillier.jwk",
    Words("Paillier 密钥有误：{why}", "bad Paillier key: {why}"),
    Words(
        "请按 phe 的形式发送：kty DAJ、alg PAI-GN1、key_ops 和 n",
        "send phe's form: kty DAJ, alg PAI-GN1, key_ops and n",
    ),
)
PROOF: Final = Problem(
    "paillier.proof",
    Words("Paillier 密钥证明有误：{why}", "bad Paillier key proof: {why}"),
    Words(
        "请以 base64url 数字发送 eprint 2018/057 的十一个根",
        "send the eleven roots of eprint 2018/057 as base64url numbers",
    ),
)

# keys
OTHER_PUBLIC: Final = Words(
    "公开部分不属于这些因子", "the public part does not belong to the factors"
)
AN_OBJECT: Final = Words("应为 JSON 对象", "expected a JSON object")
MISSING: Final = Words("缺少 `{name}`", "missing `{name}`")
UNKNOWN: Final = Words("未知的成员 `{name}`", "unknown member `{name}`")
KID: Final = Words(
    "`kid` 不是至多 {most} 个字符的字符串", "`kid` is not a string of at most {most} characters"
)
TO_BE: Final = Words("`{name}` 应为 `{expected}`", "expected `{name}` to be `{expected}`")
NO_STRING: Final = Words("`{name}` 不是字符串", "`{name}` is not a string")
NUMBER: Final = Words(
    "`{name}` 为空、有填充或超过 {most} 字节",
    "`{name}` is empty, padded or longer than {most} bytes",
)

# proofs
ROOTS: Final = Words("应为 {count} 个根的列表", "expected a list of {count} roots")
ROOT: Final = Words(
    "有根不是至多 512 字节的 base64url 数字",
    "a root is not a base64url number of at most 512 bytes",
)
