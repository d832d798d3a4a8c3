"""What does not hold in what parties show each other: applications, credentials, descriptions."""

from __future__ import annotations

from typing import Final

from crypto.problem import Problem
from crypto.words import Words

# applications
_APPLY_AGAIN: Final = Words(
    "请由持有密钥的连接器重新申请", "apply again from the connector that holds the keys"
)
APPLICATION_ELSEWHERE: Final = Problem(
    "application-elsewhere",
    Words("该申请是给另一运营方或数据空间的", "the application is for another hub or space"),
    _APPLY_AGAIN,
)
APPLICATION_STALE: Final = Problem(
    "application-stale",
    Words(
        "该申请作于 {time}，与本方时钟相差超过 {seconds} 秒",
        "the application was made at {time}, more than {seconds} s from our clock",
    ),
    _APPLY_AGAIN,
)
APPLICATION_SWAPPED: Final = Problem(
    "application-swapped",
    Words(
        "该申请所涉的参与方不是发送者",
        "the application is for another party than its sender",
    ),
    _APPLY_AGAIN,
)
APPLICATION_KEYS: Final = Problem(
    "application-keys",
    Words("一个密钥用于两种用途", "one key serves two uses"),
    _APPLY_AGAIN,
)
APPLICATION_UNLISTED: Final = Problem(
    "application-unlisted",
    Words("DID 文档列出的 {use} 密钥与申请的不同", "the DID document lists another {use} key"),
    _APPLY_AGAIN,
)
APPLICATION_ENDPOINT: Final = Problem(
    "application-endpoint",
    Words(
        "DID 文档所写的连接器与申请的不同",
        "the DID document names another connector than the application",
    ),
    _APPLY_AGAIN,
)
APPLICATION_KID: Final = Problem(
    "application-kid",
    Words(
        "证明所用的密钥是 `{named}`，应为 `{expected}`",
        "the proof names key `{named}`, expected `{expected}`",
    ),
    _APPLY_AGAIN,
)

# rotations
_ROTATE_AGAIN: Final = Words(
    "请由持有旧密钥的连接器再次轮换", "rotate again from the connector that holds the old keys"
)
ROTATION_ELSEWHERE: Final = Problem(
    "rotation-elsewhere",
    Words("该轮换是给另一运营方或数据空间的", "the rotation is for another hub or space"),
    _ROTATE_AGAIN,
)
ROTATION_SWAPPED: Final = Problem(
    "rotation-swapped",
    Words(
        "该轮换所属的参与方不是发送者",
        "the rotation is of another party than its sender",
    ),
    _ROTATE_AGAIN,
)
ROTATION_STALE: Final = Problem(
    "rotation-stale",
    Words(
        "该轮换作于 {time}，与本方时钟相差太远",
        "the rotation was made at {time}, too far from our clock",
    ),
    _ROTATE_AGAIN,
)
ROTATION_KEYS: Final = Problem(
    "rotation-keys", Words("有新密钥并不是新的", "a new key is not new"), _ROTATE_AGAIN
)
ROTATION_UNPROVED: Final = Problem(
    "rotation-unproved",
    Words(
        "旧密钥不是已认证的合约密钥",
        "the old key is not the certified one for agreements",
    ),
    _ROTATE_AGAIN,
)
ROTATION_OTHER: Final = Problem(
    "rotation-unproved",
    Words("该轮换写明的是另一旧密钥", "the rotation names another old key"),
    _ROTATE_AGAIN,
)
ROTATION_KID: Final = Problem(
    "rotation-kid",
    Words(
        "有证明所用的密钥是 `{named}`，应为 `{expected}`",
        "a proof names key `{named}`, expected `{expected}`",
    ),
    _ROTATE_AGAIN,
)

# credentials
_NEW_CREDENTIAL: Final = Words("请向运营方索取新的凭证", "ask the operator for a new credential")
CREDENTIAL_ISSUER: Final = Problem(
    "credential-issuer",
    Words("由 `{got}` 签发，应为 `{expected}`", "issued by `{got}`, expected `{expected}`"),
    _NEW_CREDENTIAL,
)
CREDENTIAL_TYPE: Final = Problem(
    "credential-type", Words("不是成员凭证", "not a membership credential"), _NEW_CREDENTIAL
)
CREDENTIAL_SCHEMA: Final = Problem(
    "credential-schema",
    Words(
        "凭证写明的模式未在此固定",
        "the credential names a schema that is not pinned here",
    ),
    _NEW_CREDENTIAL,
)
CREDENTIAL_HOLDER: Final = Problem(
    "credential-holder",
    Words("签发给 `{got}`，由 `{expected}` 出示", "issued to `{got}`, shown by `{expected}`"),
    _NEW_CREDENTIAL,
)
CREDENTIAL_SPACE: Final = Problem(
    "credential-space",
    Words("属于数据空间 `{got}`，应为 `{expected}`", "for space `{got}`, expected `{expected}`"),
    _NEW_CREDENTIAL,
)
CREDENTIAL_EARLY: Final = Problem(
    "credential-early",
    Words("凭证尚未生效", "the credential is not good yet"),
    _NEW_CREDENTIAL,
)
CREDENTIAL_EXPIRED: Final = Problem(
    "credential-expired", Words("凭证已过期", "the credential has expired"), _NEW_CREDENTIAL
)

# the key of a signed document
_SIGNED: Final = Words(
    "由密钥 `{kid}` 签署，应为 `{owner}` 的密钥", "signed by key `{kid}`, expected one of `{owner}`"
)
_ITSELF: Final = Words(
    "只应信任来自该参与方本身的内容", "trust only what comes from the party itself"
)
CREDENTIAL_KEY: Final = Problem("credential-key", _SIGNED, _ITSELF)
STATUS_KEY: Final = Problem("status-key", _SIGNED, _ITSELF)
DESCRIPTION_KEY: Final = Problem("description-key", _SIGNED, _ITSELF)

# status documents
_SEE_HUB: Final = Words(
    "请查看运营方的节点是否在运行、双方时钟是否一致",
    "see whether the hub is up and the clocks agree",
)
STATUS_ISSUER: Final = Problem(
    "status-issuer",
    Words("由 `{got}` 签发，应为 `{expected}`", "issued by `{got}`, expected `{expected}`"),
    _SEE_HUB,
)
STATUS_SPACE: Final = Problem(
    "status-space",
    Words("属于数据空间 `{got}`，应为 `{expected}`", "for space `{got}`, expected `{expected}`"),
    _SEE_HUB,
)
STATUS_EARLY: Final = Problem(
    "status-early",
    Words("状态文件的签发时间在将来", "the status document comes from the future"),
    _SEE_HUB,
)
STATUS_LIFETIME: Final = Problem(
    "status-lifetime",
    Words("状态文件的有效期过长", "the status document lives too long"),
    _SEE_HUB,
)
STATUS_EXPIRED: Final = Problem(
    "status-expired", Words("状态文件已过期", "the status document has expired"), _SEE_HUB
)
STATUS_SERIAL: Final = Problem(
    "status-serial",
    Words(
        "状态文件 {given} 比所持有的 {serial} 旧",
        "status document {given} is older than {serial}, which is held",
    ),
    Words("无须处理：较新的一份仍然有效", "none: the newer one stays in force"),
)
EACH_DID_ONCE: Final = Words("每个 DID 只出现一次", "each DID once")
THUMBPRINTS: Final = Words("密钥的指纹", "thumbprints of keys")
AT_MOST: Final = Words("至多 {most} 个", "at most {most}")

# descriptions
_OWN_PROVIDER: Final = Words(
    "请只采用提供方自己的说明", "take descriptions from their own provider only"
)
DESCRIPTION_OWNER: Final = Problem(
    "description-owner",
    Words("由 `{got}` 描述，不是 `{expected}`", "described by `{got}`, not `{expected}`"),
    _OWN_PROVIDER,
)
DESCRIPTION_SPACE: Final = Problem(
    "description-space",
    Words("属于数据空间 `{got}`，应为 `{expected}`", "for space `{got}`, expected `{expected}`"),
    _OWN_PROVIDER,
)
DESCRIPTION_EARLY: Final = Problem(
    "description-early",
    Words("该说明的签发时间在将来", "the description comes from the future"),
    _OWN_PROVIDER,
)
NO_TARGET: Final = Words(
    "不写 target：所涉的就是它所在的数据集", "no target: it is the dataset around it"
)
A_DOMAIN_KNOWN: Final = Words("`{pack}/` 加已知的数据域", "`{pack}/` and a known domain")
CONTEXT_FIRST: Final = Words("首项为 `{context}`", "`{context}` first")
A_MOMENT: Final = Words(
    "时刻，如 `2026-01-31T08:00:00Z`", "a moment such as `2026-01-31T08:00:00Z`"
)
ROLES_ONCE: Final = Words("{roles}，每项至多一次", "each of {roles} at most once")
AN_HTTPS_URL: Final = Words("https URL", "an https URL")
A_PLAIN_URL: Final = Words(
    "不含查询、用户信息和末尾斜杠的 https URL",
    "an https URL without query, user or trailing slash",
)
