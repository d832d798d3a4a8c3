"""What can be wrong with a file of a bundle of evidence, or of trust in its keys."""

from __future__ import annotations

from typing import Final

from crypto.problem import Problem
from crypto.words import Words

# the manifest
MANIFEST: Final = Problem(
    "manifest-malformed",
    Words("清单格式不对：{why}", "malformed manifest: {why}"),
    Words("请索取新的导出", "ask for a new export"),
)
FORMAT: Final = Words("应为格式 `{format}`", "expected format `{format}`")
OTHER_FIELDS: Final = Words("字段与格式不符", "it has other fields than the format")
LOG: Final = Words("`log` 不是来源、大小和根", "`log` is not origin, size and root")
FILES_OR_OPENED: Final = Words("`files` 或 `opened` 有误", "`files` or `opened` is wrong")
ABSENT: Final = Words("`absent` 不是名称的列表", "`absent` is not a list of names")
NOT_CANONICAL: Final = Words("不是规范的 JSON", "it is not canonical JSON")
NO_FILE: Final = Words("`{path}` 不能是证据包中的文件", "`{path}` cannot be a file of a bundle")
BYTES_AND_DIGEST: Final = Words(
    "`{path}`：应有 bytes 和 sha-256", "`{path}`: expected bytes and sha-256"
)
NO_TEXT: Final = Words("`{name}` 不是文本", "`{name}` is not a text")
NO_NUMBER: Final = Words("`{name}` 不是数字", "`{name}` is not a number")
NO_HEX: Final = Words("`{name}` 不是十六进制的 32 字节", "`{name}` is not 32 bytes in hexadecimal")

# trust
TRUST: Final = Problem(
    "trust-malformed",
    Words("信任文件格式不对：{why}", "malformed trust: {why}"),
    Words("请用 `voile audit trust` 制作", "make one with `voile audit trust`"),
)
TRUST_FIELDS: Final = Words(
    "字段不只是 format、parties 和 hub", "it has other fields than format, parties and hub"
)
PARTIES: Final = Words("`parties` 不是列表", "`parties` is not a list")
KEYS_MANY: Final = Words("超过 {most} 个密钥", "more than {most} keys")
OTHER_HUB: Final = Words("登记簿属于另一枢纽", "the register is of another hub")
NO_ENTRY: Final = Words(
    "登记簿有条目不是 DID 及其密钥", "an entry of the register is no DID with its keys"
)
PARTY: Final = Words("参与方应有 did、keys 和 logs", "a party has did, keys and logs")
LOGS_MANY: Final = Words("参与方至多有 {most} 个日志", "a party has at most {most} logs")
LOG_KEY: Final = Words("日志应为验证密钥", "a log is a verifier key")
ENDED: Final = Words(
    "`ended` 应写明每个被替换密钥终止的 unix 秒",
    "`ended` gives of each replaced key the unix second of its end",
)
KEY: Final = Words("密钥应有 kid 和 jwk", "a key has kid and jwk")
TRUST_FOREIGN: Final = Problem(
    "trust-foreign",
    Words(
        "密钥登记簿属于 `{signer}`，信任文件固定的枢纽是 `{hub}`：它属于另一数据空间",
        "the register of keys is of `{signer}`, the trust file pins the hub `{hub}`: it is another"
        " space's",
    ),
    Words(
        "请在本数据空间的枢纽用 `voile audit trust` 制作",
        "make one with `voile audit trust` at the hub of this space",
    ),
)
REGISTER_UNSIGNED: Final = Problem(
    "register",
    Words("登记簿不是以枢纽的密钥签署", "the register is not signed with the hub's key"),
)
REGISTER_UNDATED: Final = Problem(
    "register",
    Words("登记簿未写明时间", "the register does not say of when it is"),
)
REGISTER_REPLACED: Final = Problem(
    "register",
    Words("登记簿以已被替换的密钥签署", "the register is signed with a replaced key"),
)
KEY_UNKNOWN: Final = Problem("key-unknown", Words("未知的密钥 `{kid}`", "no key `{kid}` is known"))

# other files
AGREEMENT_FORM: Final = Problem(
    "agreement-malformed",
    Words(
        "应为规范 JSON 的 agreement、consumerPid 和 providerPid",
        "expected agreement, consumerPid and providerPid in canonical JSON",
    ),
)
AGREEMENT_NO_ID: Final = Problem(
    "agreement-malformed", Words("合约没有 `@id`", "the agreement has no `@id`")
)
AGREEMENT_PIDS: Final = Problem(
    "agreement-malformed",
    Words("协商的两个 id 不是文本", "the ids of the negotiation are no texts"),
)
PEER: Final = Problem(
    "peer-malformed",
    Words("应为规范 JSON 的 DID", "expected a DID in canonical JSON"),
)
STATEMENT_TYPE: Final = Problem(
    "statement-type", Words("不是本系统的类型", "it is not of a type of ours")
)
NO_CONTRIBUTION: Final = Problem(
    "opened-part", Words("不是带核验码的贡献值", "no contribution with tags")
)
SEED_OR_SECRET: Final = Problem(
    "opened-part",
    Words("种子或密钥不是所签署的", "seed or secret are not the signed ones"),
)
NO_BATCH: Final = Problem(
    "opened-part", Words("由此无法生成密文批", "the batch cannot be made of it")
)
OTHER_BATCH: Final = Problem(
    "opened-part",
    Words("所发送的密文批含有其他内容", "the batch that was sent holds something else"),
)
OTHER_PRODUCT: Final = Problem("opened-total", Words("是另一份汇总结果", "it is another product"))
OTHER_CIPHERTEXTS: Final = Problem(
    "opened-total",
    Words("其密文含有其他内容", "its ciphertexts hold something else"),
)
TOTAL_FORM: Final = Problem(
    "opened-total",
    Words("公开的总计格式不对", "an opened total of another form"),
)
