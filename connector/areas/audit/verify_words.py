"""What the page says that verifies a bundle in the browser; its script gets the words as data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from connector.areas.audit.finding_words import FINDINGS, LEVELS, OUTCOMES, SOURCES
from crypto.words import Words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crypto.words import Language

TITLE: Final = Words("核验证据包", "Verify a bundle")
INTRO: Final = Words(
    "在本浏览器里核验一家企业的证据包。文件不会离开本机；页面打开之后断网也能用。",
    "Checks one firm's bundle of evidence in this browser. No file leaves this machine; "
    "once open, the page works without a connection.",
)
SAME: Final = Words(
    "它与 voile audit verify 说的相同；浏览器无法核验的，它写明“此处未核验”，绝不算通过。",
    "It says what voile audit verify says. What the browser cannot check is called "
    "not checked here, and never counts as OK.",
)
WHERE: Final = Words(
    "提供页面的人可以让页面说任何话：请在运营方或您自己的控制台打开，不要在被审计企业的控制台打开。",
    "A page can say what whoever serves it wants: open it at the operator's console or at your "
    "own, never at that of the firm you audit.",
)
GET_BUNDLE: Final = Words(
    "证据包：请被审计企业运行 voile audit export --out 文件夹，"
    "把得到的整个文件夹（或打包为 .zip）交给您；其中有 manifest.json 和日志。",
    "The bundle: have the firm that you audit run voile audit export --out FOLDER, and give you "
    "the whole folder, or a .zip of it; manifest.json and the log are in it.",
)
GET_TRUST: Final = Words(
    "信任文件：请运营方运行 voile audit trust --out trust.json，把得到的 .json 交给您。",
    "The trust file: have the operator of the space run voile audit trust --out trust.json, "
    "and give you that file.",
)
FOLDER: Final = Words("证据包的文件夹", "Folder of the bundle")
ZIP: Final = Words("或打包为 .zip 的证据包", "Or the bundle as a .zip")
TRUST: Final = Words("信任文件", "Trust file")
TRUST_HINT: Final = Words(
    "由运营方的 voile audit trust 得出。没有它，密钥只由证据包自身担保，结果不会是通过。",
    "Made by voile audit trust at the operator. Without it only the bundle vouches for its keys, "
    "and nothing is OK.",
)
DROP: Final = Words(
    "也可以把文件夹或 .zip 拖到本页。最多 512 MiB、50,000 个文件。",
    "You can also drop the folder or the .zip anywhere on this page. At most 512 MiB and "
    "50,000 files.",
)
NO_SCRIPT: Final = Words(
    "本页靠脚本在浏览器里计算。不用脚本时，请用证据包旁的独立核验程序：",
    "This page computes in the browser, by a script. Without scripts use the second verifier:",
)
RESULT: Final = Words("结果", "Result")

WORKING: Final = Words("正在核验……", "Checking…")
WAITING: Final = Words("请选择证据包", "Choose a bundle")
INSECURE: Final = Words(
    "此处未核验：浏览器只在 https 或 localhost 的页面上提供密码学功能。",
    "Not checked here: browsers offer cryptography to pages of https or localhost only.",
)
MEANS: Final = {
    "OK": Words(
        "全部在您信任的密钥之下核验过，没有发现问题",
        "Everything was checked under keys that you trust, and nothing was found",
    ),
    "FINDINGS": Words(
        "至少有一处不成立：请逐条阅读", "At least one thing does not hold: read each line"
    ),
    "UNCHECKED": Words(
        "没有发现问题，但有些内容未能核验：不能据此下结论",
        "Nothing was found, and something could not be checked: this shows nothing either way",
    ),
}
UNREADABLE: Final = {
    "zip": Words(
        "这不是能读取的 .zip：请直接选择文件夹",
        "This is no .zip that can be read here: choose the folder instead",
    ),
    "large": Words(
        "超出本页的上限：请用 voile audit verify 核验",
        "More than this page takes: use voile audit verify",
    ),
    "empty": Words("里面没有证据包的文件", "There is no file of a bundle in it"),
    "trust": Words(
        "这不是信任文件：请向运营方索取 voile audit trust 的输出",
        "This is no trust file: ask the operator for what voile audit trust wrote",
    ),
    "failed": Words(
        "此处未核验：浏览器未能完成。请用 voile audit verify 核验",
        "Not checked here: the browser could not finish. Use voile audit verify",
    ),
}
STEPS: Final = {
    "manifest": Words("清单及其签名", "Manifest and its signature"),
    "files": Words("每个文件的摘要", "Digest of every file"),
    "keys": Words("密钥及其来源", "Keys, and where trust in them comes from"),
    "head": Words("日志头的签名", "Signature of the head of the log"),
    "log": Words("日志的每一行与整棵树", "Every line of the log, and the tree over them"),
    "agreements": Words("合约的签名与日志", "Agreements: signatures and lines"),
    "statements": Words("已签名的声明", "Signed statements"),
    "answers": Words("答案与合约所授予的", "Answers, and what agreements grant"),
    "peers": Words("其他企业的日志头", "Heads of other firms' logs"),
    "promises": Words("回执", "Acknowledgements"),
    "openings": Words("公开的细节", "Opened details"),
    "totals": Words("公开的合计（密文）", "Opened totals (ciphertexts)"),
    "others": Words("与另一家企业的证据包相比", "Comparison with another firm's bundle"),
}
STATES: Final = {
    "good": Words("成立", "holds"),
    "bad": Words("不成立", "does not hold"),
    "unchecked": Words("此处未核验", "not checked here"),
    "none": Words("证据包里没有", "none in this bundle"),
    "unreached": Words("未进行到", "not reached"),
    "elsewhere": Words("此处不核验", "not part of this check"),
}
INSTEAD: Final = {
    "keys": Words("见下面的各条", "see the lines below"),
    "totals": Words("请用 voile audit verify", "use voile audit verify"),
    "others": Words("请用 voile audit diff", "use voile audit diff"),
}
FACTS: Final = {
    "party": Words("企业", "Firm"),
    "created": Words("制作时间", "Made at"),
    "size": Words("行数", "Lines"),
    "root": Words("日志头的根", "Root of the head"),
    "files": Words("文件数", "Files"),
}
ABOUT: Final = {
    "leaf": Words("第 {value} 行", "leaf {value}"),
    "line": Words("细节第 {value} 行", "detail {value}"),
    "see": Words("另见 {value}", "see {value}"),
    "message": Words("消息 {value}", "message {value}"),
    "expected": Words("应有 {value}", "expected {value}"),
    "got": Words("实有 {value}", "found {value}"),
    "size": Words("{value} 行的日志头", "head of {value} leaves"),
    "did": Words("{value}", "{value}"),
    "until": Words("更换于 {value}", "replaced at {value}"),
    "key": Words("密钥 {value}", "key {value}"),
}
HEADS: Final = {
    "checked": Words("逐项核验", "What was checked"),
    "step": Words("项目", "Check"),
    "state": Words("结果", "Result"),
    "remark": Words("说明", "Remark"),
    "found": Words("发现", "What was found"),
    "level": Words("级别", "Level"),
    "what": Words("内容", "What"),
    "where": Words("位置", "Where"),
    "more": Words("细节", "Details"),
    "left": Words("另有 {count} 条", "and {count} more"),
    "comma": Words("，", ", "),
}
_TABLES: Final[dict[str, Mapping[str, Words]]] = {
    "outcomes": OUTCOMES, "means": MEANS, "unreadable": UNREADABLE, "steps": STEPS,
    "states": STATES, "instead": INSTEAD, "facts": FACTS, "about": ABOUT, "levels": LEVELS,
    "sources": SOURCES, "findings": FINDINGS,
}  # fmt: skip


def for_script(language: Language) -> dict[str, Any]:
    """Give all that the script says, in one language; places like {value} are its to fill."""
    said: dict[str, Any] = {name: _plain(words, language) for name, words in HEADS.items()}
    said |= {"working": _plain(WORKING, language), "waiting": _plain(WAITING, language)}
    said |= {"insecure": _plain(INSECURE, language)}
    for name, table in _TABLES.items():
        said[name] = {key: _plain(words, language) for key, words in table.items()}
    return said


def _plain(words: Words, language: Language) -> str:
    return words.zh if language == "zh" else words.en
