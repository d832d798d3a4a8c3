"""What can be wrong with a negotiation, an agreement or a transfer."""

from __future__ import annotations

from typing import Final

from crypto.problem import Problem
from crypto.words import Words

FORMAT_UNKNOWN: Final = Problem(
    "transfer-format",
    Words(
        "应为本连接器支持的格式，实为 `{format}`",
        "expected a format that this connector speaks, got `{format}`",
    ),
    Words("请选择数据集的一种分发方式", "choose one of the dataset's distributions"),
)
AGREEMENT_MISSING: Final = Problem(
    "agreement-missing",
    Words("没有合约 `{agreement}`", "no agreement `{agreement}`"),
    Words("见 `voile agreements`", "see `voile agreements`"),
)
AGREEMENTS_SHARE_ID: Final = Problem(
    "agreement-ambiguous",
    Words("有几份合约的编号是 `{agreement}`", "several agreements have the id `{agreement}`"),
    Words(
        "请改用其协商的 pid 指明是哪一份：{which}",
        "name the one that you mean by the pid of its negotiation: {which}",
    ),
)
AGREEMENT_ENDED: Final = Problem(
    "agreement-ended",
    Words("合约 `{agreement}` 已由 {by} 终止", "agreement `{agreement}` has been ended by {by}"),
    Words("请另行协商合约", "negotiate another"),
)
AGREEMENT_UNUSABLE: Final = Problem(
    "agreement-unusable",
    Words(
        "合约 `{agreement}` 不允许我方开启传输：我方是其 {role}，合约状态为 {state}",
        "agreement `{agreement}` does not let us open a transfer: we are its {role}, and it is"
        " {state}",
    ),
    Words(
        "请等到状态为 FINALIZED，或另行协商合约；见 `voile agreements`",
        "wait until it is FINALIZED, or negotiate another; see `voile agreements`",
    ),
)
NOTHING_TO_RESUME: Final = Problem(
    "transfer-started",
    Words("传输处于 STARTED：没有可恢复的", "the transfer is STARTED: there is nothing to resume"),
    Words("见 `voile transfer list`", "see `voile transfer list`"),
)
NO_AGREEMENT: Final = Problem(
    "agreement-missing",
    Words("没有这样的合约", "no such agreement"),
)
OFFER_AMBIGUOUS: Final = Problem(
    "offer-ambiguous",
    Words("该数据集有 {count} 个要约：{names}", "the dataset has {count} offers: {names}"),
    Words(
        "请用 --offer 选定一个；其差别见 `voile product show {dataset} --provider …`",
        "choose one with --offer; `voile product show {dataset} --provider …` says how they differ",
    ),
)
OFFER_MISSING: Final = Problem(
    "offer-missing",
    Words(
        "没有可读取的要约 `{offer}`：该数据集有 {names}",
        "no offer `{offer}` that can be read: the dataset has {names}",
    ),
    Words(
        "请用 --offer 选定其中一个；其差别见 `voile product show {dataset} --provider …`",
        "choose one of them with --offer; `voile product show {dataset} --provider …` says how they"
        " differ",
    ),
)
NOT_FINAL: Final = Problem(
    "agreement-not-final",
    Words("合约 `{agreement}` 尚未订立", "agreement `{agreement}` is not concluded yet"),
    Words("请结束其谈判：voile terminate {pid}", "end its negotiation: voile terminate {pid}"),
)
NO_TERMS: Final = Problem(
    "terms-missing",
    Words("协商 `{pid}` 中没有要约", "there is no offer in negotiation `{pid}`"),
    Words("待对方出示要约后再看", "look again once the other side has made one"),
)
PROCESS_MISSING: Final = Problem(
    "process-missing",
    Words("没有谈判或传输 `{pid}`", "no negotiation or transfer `{pid}`"),
    Words(
        "见 `voile negotiations` 和 `voile transfer list`",
        "see `voile negotiations` and `voile transfer list`",
    ),
)
DATASET_MISSING: Final = Problem(
    "dataset-missing",
    Words(
        "`{party}` 没有向我方提供数据集 `{dataset}`", "`{party}` offers us no dataset `{dataset}`"
    ),
    Words("请查看其目录：voile catalog {party}", "see what it offers: voile catalog {party}"),
)
RECOVERY_UNSUPPORTED: Final = Problem(
    "recovery-unsupported",
    Words(
        "`{party}` 无法向我方出示合约：其软件较旧",
        "`{party}` has no way to show us our agreements: its software is older",
    ),
    Words(
        "请其所有者终止这些合约：voile agreements end ID；然后重新协商",
        "ask its owner to end them: voile agreements end ID; then negotiate anew",
    ),
)
NEGOTIATION_KNOWN: Final = Problem(
    "negotiation-known",
    Words(
        "其谈判在此已有记录，状态为 {state}：保持原样",
        "its negotiation is known here, and {state}: it stays as it is",
    ),
    Words("见 `voile explain {pid}`", "see `voile explain {pid}`"),
)
NEGOTIATION_ENDED: Final = Problem(
    "negotiation-ended",
    Words("谈判已结束：状态为 {state}", "the negotiation has ended: it is {state}"),
    Words("请重新开始", "start a new one"),
)
TRANSFER_ENDED: Final = Problem(
    "transfer-ended",
    Words("传输已结束：状态为 {state}", "the transfer has ended: it is {state}"),
    Words("请重新开始", "start a new one"),
)
OFFER_UNACCEPTABLE: Final = Problem(  # its code is that of what is wrong with the offer
    "",
    Words("该要约不能接受：{why}", "the offer cannot be accepted: {why}"),
    Words("请将其结束：voile terminate {pid}", "end it: voile terminate {pid}"),
)
OFFER_DIFFERS: Final = Problem(
    "offer-differs",
    Words("供方的条款与所请求的不同", "the provider offers other terms than were asked for"),
    Words(
        "请先阅读：voile negotiation {pid}；然后 voile accept {pid} --yes",
        "read it: voile negotiation {pid}; then voile accept {pid} --yes",
    ),
)
OFFER_CHANGED: Final = Problem(
    "offer-differs",
    Words(
        "当前的要约不是您看过的那一份", "the offer on the table is not the one that you have seen"
    ),
    Words(
        "请先阅读：voile negotiation {pid}；然后 voile accept {pid} --yes",
        "read it: voile negotiation {pid}; then voile accept {pid} --yes",
    ),
)
UNREADABLE_NAME: Final = Words("`{name}`（无法读取）", "`{name}` (cannot be read)")
SEE_API: Final = Words("见 docs/api.md", "see docs/api.md")
NEGOTIATION_MISSING: Final = Problem(
    "negotiation-missing",
    Words("没有谈判 `{pid}`", "no negotiation `{pid}`"),
    Words("见 `voile negotiations`", "see `voile negotiations`"),
)
TRANSFER_MISSING: Final = Problem(
    "transfer-missing",
    Words("没有传输 `{pid}`", "no transfer `{pid}`"),
    Words("见 `voile transfer list`", "see `voile transfer list`"),
)
TERMS_UNREADABLE: Final = Problem(  # its code is that of the first reason
    "",
    Words(
        "合约 `{agreement}` 的条款无法读取：{why}",
        "the terms of agreement `{agreement}` cannot be read: {why}",
    ),
    Words(
        "见 `voile agreement {agreement}`；请以双方都能识别的条款协商",
        "see `voile agreement {agreement}`; negotiate in terms both sides know",
    ),
)
NO_OBJECT: Final = Problem(  # its code is that of its reason
    "", Words("应为 JSON 对象，实为其他字节", "expected a JSON object, got other bytes")
)
NOT_AS_CONSUMER: Final = Problem(
    "agreement-missing",
    Words(
        "没有我方作为使用方的合约 `{agreement}`", "no agreement `{agreement}` of ours as consumer"
    ),
    Words("见 `voile agreements`", "see `voile agreements`"),
)
ONE_LINE: Final = Words("一行可打印的字符", "one line of printable characters")
REASONS: Final = Words(
    "写成 JSON 至多 {most} 个字符的理由", "reasons of {most} characters at most, as JSON"
)
OFFER_ID: Final = Words("目录所示要约的 `@id`", "the `@id` of an offer, as the catalogue shows it")
