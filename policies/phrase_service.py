"""Phrases of the services that answer questions: what stands in the way besides policy and text."""

from __future__ import annotations

from typing import Final

SERVICE: Final = {
    "agreement.unknown": (
        "找不到此合约，或它不属于请求方。",
        "There is no such agreement of the asker.",
    ),
    "agreement.not_final": (
        "合约尚未生效（未到 FINALIZED）。",
        "The agreement is not in force yet (not FINALIZED).",
    ),
    "agreement.ended": ("合约已终止。", "The agreement has ended."),
    "agreement.not_mutual": (
        "私密问题要求双方均已签署合约；当前签署状态：{given}。",
        "Private questions need an agreement signed by both sides; signatures here: {given}.",
    ),
    "transfer.not_started": (
        "该合约没有处于 STARTED 的传输过程。",
        "There is no transfer of this agreement in state STARTED.",
    ),
    "participant.not_certified": (
        "参与方 {given} 当前未获认证（{expected}）。",
        "The participant {given} is not certified now ({expected}).",
    ),
    "product.unknown": (
        "合约所指的产品已不在发布之列。",
        "The product that the agreement is about is not published any more.",
    ),
    "question.mode_unfit": (
        "模式 {given} 不适用于此问题：{expected}。",
        "The mode {given} does not fit this question: {expected}.",
    ),
    "next.start_transfer": (
        "请先开始或恢复该合约的传输。",
        "Start or resume a transfer of the agreement.",
    ),
    "next.sign_both": (
        "请与支持合约签署的对方重新签约。",
        "Conclude the agreement with a peer that signs agreements.",
    ),
    "next.wait_final": ("请等待协商完成。", "Wait until the negotiation is done."),
    "next.check_id": ("请核对合约标识。", "Check the agreement's identifier."),
}
