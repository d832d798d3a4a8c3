"""Words of lists and sheets in both languages, and columns that are even in either."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from crypto.words import Language, Words

KEEP_THREE: Final = Words(
    "请趁两人都在时邀请第三位能够同意的人：voile person invite",
    "invite a third who may agree while both are there: voile person invite",
)
NEXT: Final = Words("下一步：{step}", "next: {step}")
YES: Final = Words("是", "yes")
NO: Final = Words("否", "no")
NONE: Final = Words("无", "none")
ABORTED: Final = Words("已中止", "aborted")
PRODUCT_STATES = {"published": ("published", "已发布"), "withdrawn": ("withdrawn", "已撤回")}
ROLES = {
    "provider": ("provider", "提供方"),
    "consumer": ("consumer", "使用方"),
    "service": ("service", "服务方"),
}
# what the commands of the audit count: as printed; --json keeps the names
COUNTED: Final[Mapping[str, Words]] = {
    "party": Words("参与方", "party"),
    "origin": Words("日志", "log"),
    "size": Words("已签名的叶", "leaves signed"),
    "a": Words("甲方", "A"),
    "b": Words("乙方", "B"),
    "files": Words("文件", "files"),
    "seconds": Words("秒", "seconds"),
    "changes": Words("改动", "changes"),
    "found": Words("发现", "found"),
    "leaves": Words("叶", "leaves"),
    "commitments": Words("承诺", "commitments"),
    "agreements": Words("合约", "agreements"),
    "stages": Words("合约上的签名", "signatures of agreements"),
    "statements": Words("已签名的声明", "signed statements"),
    "peerCheckpoints": Words("其他各方的日志头", "heads of others"),
    "acks": Words("回执", "acknowledgements"),
    "opened": Words("已公开的细节", "details opened"),
    "matched": Words("相符", "matched"),
    "leavesOfA": Words("甲方的叶", "leaves of A"),
    "leavesOfB": Words("乙方的叶", "leaves of B"),
    "contributionsOpened": Words("已公开的贡献值", "contributions opened"),
    "totalsAddedUp": Words("重新相加的合计", "totals added up again"),
    "tablesMadeAgain": Words("重新生成的联合统计表", "cohort tables made again"),
    "renewalsWorkedOut": Words("重新推算的更新", "renewals worked out again"),
}


def pick(code: str, words: Mapping[str, tuple[str, str]], tongue: str) -> str:
    """Say a code in a language; an unknown one as it is."""
    en, zh = words.get(code, (code, code))
    return zh if tongue == "zh" else en


def roles(codes: Iterable[str], tongue: str) -> str:
    """Say the roles of a firm."""
    return ("、" if tongue == "zh" else ", ").join(pick(code, ROLES, tongue) for code in codes)


def padded(text: str, width: int) -> str:
    """Fill a text up to a width of the terminal, where a Chinese character takes two places."""
    from rich.cells import cell_len

    return text + " " * max(0, width - cell_len(text))


def figure(value: object) -> str:
    """Write a number with its thousands apart, anything else as it is."""
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


_OPENED: Final = {
    "": Words("{of} 项中的 {opened} 项{erased}", "{opened} of {of}{erased}"),
    "sessions": Words(
        "{of} 项中的 {opened} 项{erased}（其参与方所选的会话）",
        "{opened} of {of}{erased} (of sessions that its party chose)",
    ),
    "all": Words(
        "{of} 项中的 {opened} 项{erased}（其参与方称为全部）",
        "{opened} of {of}{erased} (of all, by its party's word)",
    ),
}


def opened_of(value: Mapping[str, Any], tongue: Language = "en") -> str:
    """Write how many of all details a bundle opens, and of what its party says that they are."""
    found = value.get("openings") or {}
    gone = found.get("erased")
    erased = (
        Words("，已删除 {n}", ", {n} erased").filled(tongue, {"n": f"{gone:,}"}) if gone else ""
    )
    facts = {"opened": f"{found.get('opened', 0):,}", "of": f"{found.get('of', 0):,}"}
    words = _OPENED.get(str(found.get("said", "")), _OPENED[""])
    return words.filled(tongue, {**facts, "erased": erased})
