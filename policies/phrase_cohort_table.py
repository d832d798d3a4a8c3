"""Phrases about the table that providers of a total share, and its renewals."""

from __future__ import annotations

from typing import Final

COHORT_TABLE: Final = {
    "cohort.table.waiting": (
        "供方组的总表尚未建成，还缺：{given}。",
        "The cohort table is not made yet; still missing: {given}.",
    ),
    "cohort.table.missing": (
        "供方组的总表尚未建成。",
        "The cohort table is not made yet.",
    ),
    "cohort.table.other": (
        "会话指定的是另一份供方组总表。",
        "The session names another cohort table.",
    ),
    "cohort.table.wrong": (
        "供方组的总表不是按各供方的标记正确建成的。",
        "The cohort table is not made of the providers' marks as it should be.",
    ),
    "cohort.table.large": (
        "供方组的总表含有的单元过多。",
        "The cohort table would name too many cells.",
    ),
    "cohort.table.changed": (
        "供方的表在建总表期间改变了声明。",
        "A provider's table was declared otherwise while the cohort table was made.",
    ),
    "cohort.table.differs.measures": (
        "供方 {given} 对某个指标的上下限、单位或小数位的声明与其他供方不一致，无法建总表。",
        "{given} declares bounds, unit or scale of a measure otherwise: no cohort table is made.",
    ),
    "cohort.table.described": (
        "供方 {given} 加入时声明的指标与其目录所述不一致，无法建总表。",
        "{given} joins with other measures than its catalogue shows: no cohort table is made.",
    ),
    "cohort.table.again": (
        "供方 {given} 已为另一组声明标记过；由其再次发布产品之后才会重新标记。",
        "{given} has marked for other declarations, and does so anew only when published again.",
    ),
    "cohort.renewal.other": (
        "所说的是该供方组总表的另一次更新。",
        "That is about another renewal of the cohort table.",
    ),
    "cohort.renewal.edition": (
        "汇总方与我方的软件版本不同，对更新的判断不一致。",
        "The aggregator judges renewals by the rules of another release than ours.",
    ),
    "cohort.renewal.wrong": (
        "总表的更新不是按各供方所标的变化正确做成的。",
        "The renewal is not made of what the providers have marked as it should be.",
    ),
    "cohort.renewal.large": (
        "该供方组总表过大，不能更新。",
        "The cohort table is too large to be renewed.",
    ),
    "cohort.renewal.step": (
        "总表更新的另一步已先行完成。",
        "Another step of the renewal was quicker.",
    ),
    "cohort.renewal.soon": (
        "总表距上次更新不足一天，或已达更新次数上限。",
        "The cohort table was renewed less than a day ago, or as often as it may be.",
    ),
    "cohort.renewal.most": (
        "总表已达更新次数上限。",
        "The cohort table was renewed as often as it may be.",
    ),
    "cohort.renewal.nothing": (
        "总表中没有可更新的内容。",
        "There is nothing in the cohort table to renew.",
    ),
    "cohort.renewal.unknown": (
        "没有这样一份正在更新的总表。",
        "No such cohort table is being renewed.",
    ),
    "cohort.table.differs": (
        "各供方的表名不同：{given}。",
        "The providers' tables have different names: {given}.",
    ),
}
