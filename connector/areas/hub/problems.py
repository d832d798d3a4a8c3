"""What can be wrong at the operator's hub: applications, standings, listings, searches, keys."""

from __future__ import annotations

from typing import Final

from catalog.rotation import SUPERSEDED
from crypto.problem import Problem
from crypto.words import Words

# applications
FIRM_APPLIES_OFTEN: Final = Problem(
    "applications-firm",
    Words(
        "一家企业一天内的申请超过 {most} 份",
        "more than {most} applications of one firm in a day",
    ),
    Words("请等待运营方的决定", "wait for the operator's decision"),
)
APPLICATIONS_FULL: Final = Problem(
    "applications-full",
    Words("等待运营方决定的申请过多", "too many applications wait for the operator"),
    Words("请明天再试，或询问运营方", "try again tomorrow, or ask the operator"),
)
NOTHING_PENDING: Final = Problem(
    "application-missing",
    Words("`{did}` 没有待决定的申请", "`{did}` has no pending application"),
    Words(
        "请查看 `voile hub applications`；企业用 `voile apply` 申请",
        "see `voile hub applications`; the firm applies with `voile apply`",
    ),
)
NO_APPLICATION: Final = Problem(
    "application-missing",
    Words("没有编号为 `{id}` 的申请", "there is no application `{id}`"),
    Words("请从申请列表中打开", "open one from the list of applications"),
)
NEVER_APPLIED: Final = Problem(
    "application-missing",
    Words("这里没有贵方的申请", "no application of yours is here"),
    Words("请用 `voile apply` 申请", "apply with `voile apply`"),
)
OUTDATED: Final = Problem(
    "decision-outdated",
    Words(
        "{what}不是所看到的那一份：其间已被替换",
        "{what} is not the one that was seen: it was replaced meanwhile",
    ),
    Words("请重新查看：{look}；再据此决定", "look again: {look}; then decide about that"),
)
THE_APPLICATION: Final = Words("`{did}` 的申请", "the application of `{did}`")
THE_ENTRY: Final = Words(
    "`{did}` 的登记条目（现为 {status}）", "the entry of `{did}`, now {status},"
)

# decisions about firms
DAYS: Final = Problem(
    "days-wrong",
    Words("`days`：应为 1 至 {most}，实为 `{days}`", "`days`: expected 1 to {most}, got `{days}`"),
    Words(
        "企业在认证到期之前须重新申请",
        "a firm applies again before its certification ends",
    ),
)
NOT_UNDERSTOOD: Final = Problem(
    "not-understood",
    Words(
        "撤销认证不可恢复，须先确认明白",
        "a revocation is for good: it must be said that this is understood",
    ),
    Words("请勾选“我明白”，再提交", "tick “I understand”, then send it again"),
)
NO_PARTICIPANT: Final = Problem(
    "participant-missing",
    Words("没有参与方 `{did}`", "no participant `{did}`"),
    Words("请查看 `voile hub participants`", "see `voile hub participants`"),
)
STANDING_FORBIDS: Final = Problem(
    "standing-wrong",
    Words("不能对 `{did}` 执行 {act}：其状态为 {status}", "cannot {act} `{did}`: it is {status}"),
    Words("状态为 {possible} 时才可执行", "possible when it is {possible}"),
)
REASON: Final = Problem(
    "reason-wrong",
    Words(
        "`reason`：应为 1 至 500 个可打印字符",
        "`reason`: expected 1 to 500 printable characters",
    ),
    Words(
        "请写明理由：企业会得知，并存证",
        "say why: the firm and the evidence get to know",
    ),
)
NO_PUSH: Final = Problem(
    "push-missing",
    Words("没有推送 `{name}`", "no push `{name}`"),
    Words("请查看 `voile hub status`", "see `voile hub status`"),
)
NOT_PUSHED: Final = Problem(
    "push-missing",
    Words("未推送过序号为 {serial} 的状态文件", "no status document {serial} was pushed"),
    Words(
        "请用 `voile hub status` 查看最新序号",
        "see `voile hub status` for the newest serial",
    ),
)

# listings and searches
DESCRIPTION_OLD: Final = Problem(
    "description-old",
    Words(
        "`{dataset}` 的说明 {given} 不比 {version} 新",
        "description {given} of `{dataset}` is not newer than {version}",
    ),
    Words(
        "请以更大的版本号签署现有的说明",
        "sign the present description under a greater version",
    ),
)
NOT_LISTED: Final = Problem(
    "listing-missing",
    Words("贵方没有 `{dataset}` 的说明", "no description of `{dataset}` by you"),
)
SEARCH: Final = Problem(
    "search-wrong",
    Words(
        "`{field}`：应为{expected}，实为 `{got}`",
        "`{field}`: expected {expected}, got `{got}`",
    ),
    Words("请查看 `voile search --help`", "see `voile search --help`"),
)
ONE_OF: Final = Words("下列之一：{known}", "one of {known}")
ONCE: Final = Words("只给一次", "it once")
SO_MANY: Final = Words("至多 {most} 个值", "at most {most} values")
SO_LONG: Final = Words("至多 {most} 个字符", "at most {most} characters")
A_NUMBER: Final = Words("1 至 {most} 的整数", "a whole number from 1 to {most}")

# keys
NOT_CERTIFIED: Final = Problem(
    "standing-wrong",
    Words("贵方未获认证", "you are not certified"),
    Words("请申请认证", "apply"),
)
KEYS_REPLACED: Final = Problem(
    SUPERSEDED,
    Words("这次轮换的密钥其后已被替换", "the keys of this rotation were replaced since"),
    Words("请再次轮换：会生成别的密钥", "rotate again: other keys are drawn"),
)
KEYS_UNKNOWN: Final = Problem(
    "keys-unknown",
    Words("没有贵方密钥的登记", "no keys of yours are on file"),
    Words("请申请认证", "apply"),
)
KEYS_OFTEN: Final = Problem(
    "keys-rate",
    Words("一天内更换密钥超过 {most} 次", "more than {most} sets of keys in a day"),
    Words("请明天再轮换，或询问运营方", "rotate tomorrow, or ask the operator"),
)
