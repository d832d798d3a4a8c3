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
A_HASH: Final = Words("十六进制的 32 字节", "32 bytes in hexadecimal")
NOT_CANONICAL: Final = Words("不是规范的 JSON", "it is not canonical JSON")
NO_FILE: Final = Words("`{path}` 不能是证据包中的文件", "`{path}` cannot be a file of a bundle")

# trust
TRUST: Final = Problem(
    "trust-malformed",
    Words("信任文件格式不对：{why}", "malformed trust: {why}"),
    Words("请用 `voile audit trust` 制作", "make one with `voile audit trust`"),
)
KEYS_MANY: Final = Words("超过 {most} 个密钥", "more than {most} keys")
OTHER_HUB: Final = Words("登记簿属于另一运营方", "the register is of another hub")
NO_ENTRY: Final = Words(
    "登记簿有条目不是 DID 及其密钥", "an entry of the register is no DID with its keys"
)
ENDED: Final = Words(
    "`ended` 应写明每个被替换密钥终止的 unix 秒",
    "`ended` gives of each replaced key the unix second of its end",
)
TRUST_FOREIGN: Final = Problem(
    "trust-foreign",
    Words(
        "密钥登记簿属于 `{signer}`，信任文件固定的运营方是 `{hub}`：它属于另一数据空间",
        "the register of keys is of `{signer}`, the trust file pins the hub `{hub}`: it is another"
        " space's",
    ),
    Words(
        "请在本数据空间的运营方用 `voile audit trust` 制作",
        "make one with `voile audit trust` at the hub of this space",
    ),
)
REGISTER_UNSIGNED: Final = Problem(
    "register",
    Words("登记簿不是以运营方的密钥签署", "the register is not signed with the hub's key"),
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
AGREEMENT_FIELD: Final = Problem(
    "agreement-malformed",
    Words("合约文件有误：{why}", "malformed file of an agreement: {why}"),
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
TOTAL_FIELD: Final = Problem(
    "opened-total",
    Words("公开的总计格式不对：{why}", "malformed opened total: {why}"),
)
