"""Phrases about totals over several providers."""

from __future__ import annotations

from typing import Final

COHORT: Final = {
    "cohort.member.standing": (
        "{given} 目前未获数据空间认证，会话已结束，未计费。",
        "{given} is not certified in the data space now; the session ended, nothing is charged.",
    ),
    "cohort.member.group": (
        "{given} 的法律集团未登记，无法证明其与其他供方无关联。",
        "The legal group of {given} is not registered, so nothing shows that it is unrelated.",
    ),
    "cohort.member.related": (
        "{given} 与 {other} 同属一个法律集团，不能在同一总计中充当两方。",
        "{given} and {other} are in one legal group and cannot count as two in a total.",
    ),
    "cohort.too-small": (
        "供方数量少于总计所需的最低数。",
        "There are fewer providers than a total needs.",
    ),
    "cohort.roster.changed": (
        "其中有单元已在另一组供方中回答过；换一组供方再答会泄露个别供方的数值。",
        "Some of the cells were answered among other providers; this set would expose one.",
    ),
    "cohort.cell.overlaps": (
        "其中有单元与已回答过的单元部分重叠；两者相减会泄露个别供方的数值。",
        "Some of the cells overlap cells that were answered; a difference could expose one.",
    ),
    "cohort.roster.other": (
        "{given} 的报价所定的供方组与所问的不同；它的总计只在那一组内给出。",
        "The offer of {given} names another cohort; its totals are given in that one only.",
    ),
    "cohort.roster.missing": (
        "{given} 的报价没有写明哪些供方参加总计。",
        "The offer of {given} does not say which providers take part in its totals.",
    ),
    "cohort.roster.several": (
        "{given} 的各报价写明了不同的供方组；两组之差会泄露个别供方的数值。",
        "The offers of {given} name different cohorts; their difference would expose one.",
    ),
    "cohort.group-size": (
        "合约要求的最小群体大于产品自身的；总计按产品自身的规则建成，无法满足。",
        "The contract asks for larger groups than the product's own, which totals are made of.",
    ),
    "cohort.ended": (
        "汇总方结束了会话（{given}）。",
        "The aggregator ended the session ({given}).",
    ),
    "cohort.version.changed": (
        "两个阶段之间发布了新的数据版本，会话已结束，未计费。",
        "A new data version came between the two phases; the session ended, nothing is charged.",
    ),
    "cohort.deadline": (
        "会话已过期。",
        "The session's time has passed.",
    ),
    "cohort.nothing-cleared": (
        "没有任何单元可以单独发布：单独构成它们的供方太少。",
        "No cell can be released alone: too few providers carry it without other cells.",
    ),
    "cohort.given-up": (
        "询问方在发布之前放弃了会话。",
        "The asker gave the session up before the release.",
    ),
    "cohort.roles": (
        "询问方、汇总方与各供方必须互不相同。",
        "Asker, aggregator and providers must all differ.",
    ),
    "cohort.consumer": (
        "该会话属于另一询问方。",
        "The session is another asker's.",
    ),
    "cohort.aggregator": (
        "会话指定的是另一汇总方。",
        "The session names another aggregator.",
    ),
    "cohort.question": (
        "问题与会话所签署的不符。",
        "The question is not the one that the session was signed for.",
    ),
    "cohort.roster": (
        "供方名单与会话不符。",
        "The providers are not those of the session.",
    ),
    "cohort.session": (
        "该陈述属于另一会话。",
        "The statement is about another session.",
    ),
    "cohort.malformed": (
        "会话中的一份陈述格式不对。",
        "A statement of the session has another form than is expected.",
    ),
    "cohort.canonical": (
        "会话中的一份陈述不是规范写法。",
        "A statement of the session is not written in the one way.",
    ),
    "cohort.signer": (
        "会话中的一份陈述由他人签署。",
        "A statement of the session is signed by somebody else.",
    ),
    "cohort.transcript": (
        "会话中的一份陈述针对另一份会话内容。",
        "A statement of the session is about another content of it.",
    ),
    "cohort.indicators": (
        "供方的标记与会话不符。",
        "A provider's marks do not fit the session.",
    ),
    "cohort.cleared": (
        "可发布单元的清单与各供方的标记不符。",
        "The list of cleared cells does not follow from the providers' marks.",
    ),
    "cohort.contribution": (
        "供方的密文与其签署的不符。",
        "A provider's ciphertexts are not what it signed.",
    ),
    "cohort.session.old": (
        "{given} 的连接器版本过旧，其发起的总计无法核验。",
        "The connector of {given} is too old: totals that it opens cannot be verified.",
    ),
    "cohort.peer.old": (
        "{given} 的连接器版本过旧，不能参与可核验的总计。",
        "The connector of {given} is too old for totals that can be verified.",
    ),
    "cohort.seed": (
        "核验码的种子与会话所签署的不符。",
        "The seed of the tags is not the one that the session was signed for.",
    ),
    "cohort.secret": (
        "{given} 告知的核验码密钥与其签署的不符。",
        "The secret of its tags that {given} tells is not the one it signed.",
    ),
    "cohort.total.false": (
        "{given} 给出的总计并非各供方所交数值之和（密文 {ciphertexts} 不成立），不予显示。",
        "The total of {given} is not the sum of the contributions ({ciphertexts}): not shown.",
    ),
    "cohort.released": (
        "汇总结果与各供方签署的不符。",
        "The product does not follow from what the providers signed.",
    ),
    "cohort.outcome": (
        "会话的结果与会话不符。",
        "The outcome does not fit the session.",
    ),
    "cohort.unfinished": (
        "会话未及时结束。",
        "The session did not come to its end in time.",
    ),
    "cohort.state": (
        "会话的状态不允许此步骤。",
        "The session is not in a state for this step.",
    ),
    "cohort.body": (
        "请求的格式不对。",
        "The request has another form than is expected.",
    ),
    "cohort.decides": (
        "本方允许；哪些单元发布由各供方共同决定。",
        "allowed by us; the cohort decides the cells.",
    ),
    "cohort.dimension.differs": (
        "各供方对维度 {given} 的声明不一致。",
        "The providers declare the dimension {given} differently.",
    ),
    "cohort.older-asker": (
        "会话用行数求平均，未用有取值的行数：发起方的连接器版本过旧，请其升级。",
        "The session averages over rows, not over those with a value: its connector is older.",
    ),
    "cohort.column.differs": (
        "本方没有会话所要求的列 {given}。",
        "The session asks for the column {given}, which is not part of the question here.",
    ),
    "cohort.bounds.differs": (
        "各供方对指标 {given} 的上下限的声明不一致。",
        "The providers declare the bounds of the measure {given} differently.",
    ),
    "cohort.unit.differs": (
        "各供方对指标 {given} 的单位或小数位的声明不一致。",
        "The providers declare the unit or scale of the measure {given} differently.",
    ),
    "cohort.aggregator.differs": (
        "各合约未指定同一个汇总方：{given}。",
        "The contracts do not name one common aggregator: {given}.",
    ),
    "cohort.bounds": (
        "会话中 {given} 列的范围窄于各供方声明的上下限和行数所需。",
        "The session's column {given} is narrower than declared bounds and rows need.",
    ),
    "next.new-session": ("请重新提问。", "Ask again."),
    "next.open-evidence": (
        "请各方用 voile audit export --open 打开该会话的证据，再用 voile audit diff 找出作弊方。",
        "Have everybody open this session (voile audit export --open); voile audit diff names who.",
    ),
    "next.update-connector": (
        "请更新该连接器后重新提问。",
        "Update that connector, then ask again.",
    ),
    "next.without-member": (
        "请在没有该供方的情况下重新提问，或联系运营方。",
        "Ask again without that provider, or ask the operator.",
    ),
    "next.unrelated-members": (
        "请与互不关联的供方重新提问。",
        "Ask again with unrelated providers.",
    ),
    "next.same-roster": (
        "请仍向第一次的那组供方提问，或排除这些单元。",
        "Ask the same set of providers as the first time, or leave those cells out.",
    ),
    "next.same-cells": (
        "请仍按第一次的分组提问，再自行相加。",
        "Ask by the same cells as the first time, and add them up.",
    ),
    "next.offered-roster": (
        "请向报价所定的全部供方提问：{expected}。",
        "Ask all providers that the offer names: {expected}.",
    ),
    "next.first-roster": (
        "请供方在报价中写明当时的那一组供方，或以新数据另发布一个产品。",
        "Ask the provider to name the providers of that time, or to publish new data anew.",
    ),
    "next.name-cohort": (
        "请供方在报价中用 cohort 写明全部供方，各报价一致。",
        "Ask the provider to name all of them as `cohort`, the same in each of its offers.",
    ),
    "next.table-later": (
        "请稍后再问；若仍如此，请联系所缺的供方。",
        "Ask again later; if it stays so, ask those that are missing.",
    ),
    "next.publish-again": (
        "请该供方再次发布产品。",
        "Ask that provider to publish the product again.",
    ),
    "next.same-declaration": (
        "请选择声明一致的产品。",
        "Choose products that declare it alike.",
    ),
    "next.same-aggregator": (
        "请协商指定同一汇总方的合约。",
        "Negotiate contracts that name the same aggregator.",
    ),
}
