"""Phrases of the services that answer questions: what stands in the way besides policy and text."""

from __future__ import annotations

from typing import Final

SERVICE: Final = {
    "agreement.unknown": (
        "找不到此合约，或它不属于请求方。",
        "There is no such agreement of the asker.",
    ),
    "agreement.not-final": (
        "合约尚未生效（未到 FINALIZED）。",
        "The agreement is not in force yet (not FINALIZED).",
    ),
    "agreement.ended": ("合约已终止。", "The agreement has ended."),
    "agreement.not-mutual": (
        "私密问题要求双方均已签署合约；当前签署状态：{given}。",
        "Private questions need an agreement signed by both sides; signatures here: {given}.",
    ),
    "transfer.not-started": (
        "该合约没有处于 STARTED 的传输过程。",
        "There is no transfer of this agreement in state STARTED.",
    ),
    "delivery.not-started": (
        "文件的传输未处于 STARTED：{given}。",
        "The transfer of the file is not started: {given}.",
    ),
    "delivery.refused": (
        "供方现在不交付该文件，给出的理由：{given}。",
        "The provider does not deliver the file now, saying: {given}.",
    ),
    "transfer.refused": (
        "供方拒绝开始传输。",
        "The provider did not let the transfer start.",
    ),
    "transfer.unknown": ("没有这样的传输。", "There is no such transfer."),
    "transfer.opening": ("传输尚未开始。", "The transfer is not open yet."),
    "transfer.requested": ("传输尚未开始。", "The transfer has not been started yet."),
    "transfer.stopping": (
        "供方正在暂停或结束传输。",
        "The provider is suspending or ending the transfer.",
    ),
    "transfer.suspended": ("传输已暂停。", "The transfer is suspended."),
    "transfer.completed": ("传输已完成。", "The transfer has been completed."),
    "transfer.terminated": ("传输已终止。", "The transfer has been terminated."),
    "transfer.format-withdrawn": (
        "该产品不再以此方式交付。",
        "The product is not delivered in this format any more.",
    ),
    "peer.uncertified": (
        "双方之一当前未获认证。",
        "One of the two sides is not certified now.",
    ),
    "product.withdrawn": ("该产品已撤回。", "The product was withdrawn."),
    "delivery.failed": (
        "目的地多次未接收该文件。",
        "The destination did not take the file, several times.",
    ),
    "delivery.destination-refused": (
        "目的地不在允许发送的地址之列。",
        "The destination is no address that files are sent to.",
    ),
    "negotiation.refused": ("供方拒绝了协商。", "The provider refused the negotiation."),
    "transfer.held": (
        "供方已暂停或正在结束该合约的传输；在其恢复之前不回答任何问题。",
        (
            "The provider has suspended a transfer of this agreement, or is ending one;"
            " no question is answered until it resumes."
        ),
    ),
    "transfer.ended-by-provider": (
        "供方已结束该合约的传输，给出的理由：{given}。",
        "The provider ended the transfer of this agreement, saying: {given}.",
    ),
    "agreement.exists": (
        "同一要约已有一份未终止的合约：{given}；其次数不会因重新协商而重新计算。",
        (
            "There is an agreement on this offer that has not ended: {given};"
            " its count does not begin anew by negotiating again."
        ),
    ),
    "agreement.ended-by-consumer": (
        "合约 {given} 已由使用方终止；其次数不会重新计算。",
        "Agreement {given} was ended by its consumer; its count does not begin anew.",
    ),
    "next.ask-to-end": (
        "请供方也将其终止，再重新协商。",
        "Ask the provider to end it, too; then negotiate again.",
    ),
    "next.use-agreement": (
        "请使用该合约；次数用尽后，可请供方终止它，再重新协商。",
        (
            "Use that agreement; when its count is used up, ask the provider to end it before you"
            " negotiate again."
        ),
    ),
    "next.ask-provider": (
        "请询问供方；得到同意后，可用 `voile transfer start` 请求新的传输。",
        "Ask the provider; with its consent, `voile transfer start` asks for a transfer.",
    ),
    "participant.not-certified": (
        "参与方 {given} 当前未获认证（{expected}）。",
        "The participant {given} is not certified now ({expected}).",
    ),
    "product.first-edition": (
        "该产品的受保护表格尚未按现行规则重建，暂不回答问题。",
        "The product's table is not made by the present rules yet, and answers nothing till then.",
    ),
    "product.unknown": (
        "合约所指的产品已不在发布之列。",
        "The product that the agreement is about is not published any more.",
    ),
    "question.mode-unfit": (
        "模式 {given} 不适用于此问题：{expected}。",
        "The mode {given} does not fit this question: {expected}.",
    ),
    "next.start-transfer": (
        "请先开始或恢复该合约的传输。",
        "Start or resume a transfer of the agreement.",
    ),
    "next.sign-both": (
        "请与支持合约签署的对方重新签约。",
        "Conclude the agreement with a peer that signs agreements.",
    ),
    "next.wait-final": ("请等待协商完成。", "Wait until the negotiation is done."),
    "next.check-id": ("请核对合约标识。", "Check the agreement's identifier."),
    "plan.asked": ("按要求使用该模式。", "The mode that was asked for."),
    "plan.cheapest": (
        "合约授予的模式中成本最低且适用的一种。",
        "The cheapest mode that the contract grants and that fits.",
    ),
    "plan.only-granted": (
        "合约只授予这一种模式。",
        "The only mode that the contract grants.",
    ),
    "plan.several": (
        "对多个供方求总和，任何一方的数字都不外露。",
        "A total over several providers; nobody sees the figure of one.",
    ),
    "plan.too-few": (
        "同态求和至少需要 {expected} 个供方，实际为 {given}。",
        "A total over several providers needs at least {expected} of them; there are {given}.",
    ),
    "answer.unexplained": (
        "供方拒绝，但未说明原因。",
        "The provider refused without giving a reason.",
    ),
    "answer.too-large": (
        "答案过大：上限 {expected} 字节。",
        "The answer would be too large: it has at most {expected} bytes.",
    ),
    "question.older-asker": (
        "{given} 的连接器版本过旧，读不了第 {expected} 版答案。",
        "The connector of {given} is older: it does not read answers of version {expected}.",
    ),
    "answer.older-provider": (
        "{given} 的连接器版本过旧，给不出第 {expected} 版答案。",
        "The connector of {given} is older: it does not give answers of version {expected}.",
    ),
    "next.upgrade-asker": (
        "请提问方升级其连接器后再问；此次未计次。",
        "Have the asker's connector upgraded, then ask again; nothing was charged.",
    ),
    "next.upgrade-provider": (
        "请供方升级其连接器后，用同一问题编号再问。",
        "Have the provider upgrade its connector, then ask again under the same question id.",
    ),
    "answer.empty": (
        "没有数据行；对平均值而言：没有一行有取值。",
        "no rows; for an average: none with a value",
    ),
    "answer.blocked": (
        "含有不得发布的部分：请换别的格，或在 WHERE 中排除该部分。",
        "a part of it is never shown: ask for other cells, or leave that part out by WHERE",
    ),
    "answer.merged": (
        "受保护：与其他部分合并，合并后也不发布。",
        "protected: merged with other parts, and not released together with them either",
    ),
    "answer.withheld": (
        "受保护：该指标在此处不发布。",
        "protected: this measure is not shown here",
    ),
    "answer.mixed": (
        "各部分属于不同的数据版本，不予合计；请按部分分别提问。",
        "its parts are of different data versions and are not added up; ask for each part",
    ),
    "answer.having": (
        "HAVING 所看的值未发布，无从判断；请去掉该条件。",
        "HAVING looks at what is not released here; leave that out",
    ),
    "answer.protected": (
        "受保护：单独发布会暴露个别贡献者。",
        "protected: alone it would tell of single contributors",
    ),
    "answer.minGroupSize": (
        "贡献者少于合约要求的 {expected} 个。",
        "fewer than the {expected} contributors that the contract asks for",
    ),
    "answer.cohort": (
        "单独构成它的供方太少：只与其他单元合并发布。",
        "too few providers carry it alone: it is released only together with other cells",
    ),
    "answer.together-with": (
        "须与 {given} 一并发布",
        "released only together with {given}",
    ),
    "next.ask-cohort": (
        "请一次给出至少三个供方的合约（--agreement 可重复）。",
        "Name the agreements with at least three providers (repeat --agreement).",
    ),
    "next.one-agreement": (
        "请只给出一个合约。",
        "Name one agreement only.",
    ),
}
