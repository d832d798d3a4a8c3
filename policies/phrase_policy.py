"""Phrases about policies: how they are written, and what they do not grant."""

from __future__ import annotations

from typing import Final

POLICY: Final = {
    "policy.type": (
        "该策略的类型应为 {expected}，实际为 {given}。",
        "The policy should be of type {expected}; it is {given}.",
    ),
    "policy.key.missing": (
        "策略缺少 {clause}。",
        "The policy lacks {clause}.",
    ),
    "policy.key.lost": (
        "策略中的键 {given}（{clause}）无法识别，其含义会丢失。",
        "The key {given} at {clause} is not known; its meaning would be lost.",
    ),
    "policy.key.twice": (
        "策略中的键 {given}（{clause}）以不同写法重复出现。",
        "The key {given} at {clause} stands there twice, under two spellings.",
    ),
    "policy.shape": (
        "策略在 {clause} 处应为 {expected}，实际为 {given}。",
        "At {clause} the policy needs {expected}; it has {given}.",
    ),
    "policy.empty": (
        "策略既无许可也无禁止。",
        "The policy has neither a permission nor a prohibition.",
    ),
    "policy.too-large": (
        "策略过大（{clause}）：{expected}。",
        "The policy is too large at {clause}: {expected}.",
    ),
    "policy.profile.unknown": (
        "策略声明了未知的扩展规范 {given}；本方只识别 {expected}。",
        "The policy declares the unknown profile {given}; known is {expected}.",
    ),
    "policy.duty.unsupported": (
        "策略含有义务（{clause}），本版本尚不支持义务。",
        "The policy has a duty at {clause}; duties are not supported yet.",
    ),
    "policy.conflict.unknown": (
        "冲突策略 {given} 不受支持；请使用 {expected}。",
        "The conflict strategy {given} is not supported; use {expected}.",
    ),
    "policy.action.unknown": (
        "动作 {given}（{clause}）未知；可用：{expected}。",
        "The action {given} at {clause} is not known; known are {expected}.",
    ),
    "policy.operand.unknown": (
        "左操作数 {given}（{clause}）未知；可用：{expected}。",
        "The operand {given} at {clause} is not known; known are {expected}.",
    ),
    "policy.operator.unknown": (
        "运算符 {given}（{clause}）未知；{operand} 可用：{expected}。",
        "The operator {given} at {clause} is not known; {operand} takes {expected}.",
    ),
    "policy.operator.unsuitable": (
        "运算符 {given} 不适用于 {operand}（{clause}）；可用：{expected}。",
        "The operator {given} does not suit {operand} at {clause}; it takes {expected}.",
    ),
    "policy.literal.count": (
        "{operand} 在 {clause} 处应有 {expected}，实际为 {given} 个。",
        "{operand} at {clause} needs {expected}; there are {given}.",
    ),
    "policy.literal.bad": (
        "{operand} 的取值 {given}（{clause}）不合规；应为：{expected}。",
        "The value {given} of {operand} at {clause} does not fit; expected {expected}.",
    ),
    "policy.logic.empty": (
        "{clause} 处的逻辑约束为空。",
        "The logical constraint at {clause} is empty.",
    ),
    "policy.offer-grants-nothing": (
        "要约本身不授予任何权利，须先签订合约。",
        "An offer grants nothing by itself; it takes an agreement.",
    ),
    "policy.void": (
        "策略无效：{clause} 与 {rule} 相互重叠，但策略未声明冲突时何者优先。",
        "The policy is void: {clause} and {rule} overlap, and it does not say which one wins.",
    ),
    "policy.other-target": (
        "该合约针对 {expected}，而非 {given}。",
        "The contract is about {expected}, not about {given}.",
    ),
    "policy.other-assignee": (
        "该合约授予 {expected}，而非 {given}。",
        "The contract was granted to {expected}, not to {given}.",
    ),
    "policy.too-many-values": (
        "一次请求的取值组合过多：{given}，上限 {expected}。",
        "The request has {given} combinations of values; at most {expected} are looked at.",
    ),
    "policy.prohibited": (
        "规则 {rule} 禁止此请求。",
        "The rule {rule} prohibits this request.",
    ),
    "policy.no-permission": (
        "没有任何许可涵盖所请求的动作。",
        "No permission covers the requested action.",
    ),
    "policy.clause": (
        "条款 {clause} 未满足：{expected}。",
        "The clause {clause} is not met: {expected}.",
    ),
    "policy.missing": (
        "条款 {clause} 需要 {operand}，但请求中没有可信的取值（{operator} {expected}）。",
        "The clause {clause} needs {operand} ({operator} {expected}); no trusted value is there.",
    ),
    "policy.purpose": (
        "合约未授予用途 {given}；已授予：{expected}。",
        "The contract does not grant the purpose {given}; it grants {expected}.",
    ),
    "policy.date-time": (
        "此刻 {given} 不在合约期限内（{operator} {expected}）。",
        "The time {given} is outside the contract's term ({operator} {expected}).",
    ),
    "policy.count": (
        "合约次数已用尽：这将是第 {given} 次回答（{operator} {expected}）。",
        "The contract's count is used up: this would be answer {given} ({operator} {expected}).",
    ),
    "policy.recipient": (
        "接收方 {given} 不在允许之列（{operator} {expected}）。",
        "The recipient {given} is not among those allowed ({operator} {expected}).",
    ),
    "policy.membership": (
        "请求方不具备所要求的数据空间成员资格：{expected}。",
        "The asker does not hold the membership that is required: {expected}.",
    ),
    "policy.query-mode": (
        "合约未授予查询模式 {given}；已授予：{expected}。",
        "The contract does not grant the mode {given}; it grants {expected}.",
    ),
    "policy.measure": (
        "合约未授予指标 {given}；已授予：{expected}。",
        "The contract does not grant the measure {given}; it grants {expected}.",
    ),
    "policy.dimension": (
        "合约未授予维度 {given}；已授予：{expected}。",
        "The contract does not grant the dimension {given}; it grants {expected}.",
    ),
    "policy.min-group-size": (
        "合约要求每格至少 {expected} 个贡献者，而本次为 {given}。",
        "The contract wants at least {expected} contributors per cell; applied were {given}.",
    ),
    "policy.min-cohort": (
        "合约要求至少 {expected} 个供方共同回答，而本次为 {given}。",
        "The contract wants a cohort of at least {expected} providers; there are {given}.",
    ),
    "policy.aggregator": (
        "聚合方 {given} 不是合约指定的 {expected}。",
        "The aggregator {given} is not the one the contract names: {expected}.",
    ),
    "policy.cohort-member": (
        "同组供方 {given} 不全在合约名单之内：{expected}。",
        "Not all of {given} may sit in the cohort; the contract names {expected}.",
    ),
}
