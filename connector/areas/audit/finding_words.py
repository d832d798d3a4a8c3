"""What each code of a finding means, in both languages.

A finding of a check has its own English text, with all its facts; in Chinese it is said by its
code, with the names and the leaf that it is about.
"""

from __future__ import annotations

from typing import Final

from crypto.words import Words

OUTCOMES: Final = {
    "OK": Words("通过", "OK"),
    "FINDINGS": Words("有发现", "FINDINGS"),
    "UNREADABLE": Words("无法读取", "UNREADABLE"),
    "UNCHECKED": Words("有未核验之处", "UNCHECKED"),
}
LEVELS: Final = {
    "proof": Words("证明", "proof"),
    "finding": Words("疑点", "finding"),
    "unchecked": Words("未核验", "unchecked"),
}
SOURCES: Final = {
    "pinned": Words("信任文件里写明", "pinned in the trust file"),
    "registered": Words(
        "信任文件所写的运营方的登记册里有", "in the register of the hub that the trust file pins"
    ),
    "brought": Words("只有证据包为其担保", "only the bundle vouches for it"),
}
_FILES: Final = {
    "manifest": Words("清单不合格式", "the manifest is not as its format says"),
    "manifest-time": Words("清单所写的时间不可能", "the manifest is dated as it cannot be"),
    "manifest-signature": Words("清单上的签名不成立", "the signature of the manifest fails"),
    "file-missing": Words(
        "清单列出了该文件，但没有该文件", "the manifest names a file that is missing"
    ),
    "file-extra": Words("多出的文件", "a file that does not belong there"),
    "file-changed": Words("文件的摘要与清单不符", "a file's digest is not the manifest's"),
    "file-odd": Words(
        "既不是普通文件，也不是名称合规的文件夹",
        "neither a plain file nor a folder with a plain name",
    ),
    "keys": Words("密钥文件无法读取", "the keys cannot be read"),
    "key-missing": Words("没有可用来核验的密钥", "no key is known that could verify it"),
    "key-unknown": Words("没有可用来核验的密钥", "no key is known that could verify it"),
    "key-untrusted": Words(
        "签名只在证据包自带的密钥下成立", "signatures hold under a key of the bundle alone"
    ),
    "key-replaced": Words(
        "由已更换的密钥签名，没有什么表明是在更换之前",
        "signed under a key that was replaced; nothing dates it before that",
    ),
    "trust-foreign": Words(
        "登记册不是信任文件所写的运营方的", "the register is not of the hub that is trusted"
    ),
    "not-checkable": Words("此处无法核验", "it cannot be checked here"),
}
_LOG: Final = {
    "checkpoint": Words("日志头不成立", "the head of the log does not hold"),
    "log-untrusted": Words(
        "日志的密钥只由证据包自身担保", "only the bundle itself vouches for the key of the log"
    ),
    "log-form": Words("日志的末行没有结束", "the last line of the log is not ended"),
    "log-size": Words("日志的行数与日志头不符", "the log has not as many leaves as its head"),
    "log-root": Words("由各行得不出日志头的根", "the leaves do not give the root of the head"),
    "leaf-hashes": Words("各行的散列值不符", "the hashes are not those of the leaves"),
    "leaf-malformed": Words("某一行不合格式", "a leaf is not as its format says"),
    "leaf-twice": Words("某一行的编号已用过", "a leaf has the id of an earlier one"),
    "leaf-backdated": Words("某一行的时间早于前面的行", "a leaf is dated before earlier ones"),
    "leaf-space": Words("某一行属于另一个数据空间", "a leaf is of another data space"),
    "leaf-changed": Words("某一行不是当初签名的那一行", "a leaf is not the one that was signed"),
    "not-held": Words("某一行提到的内容不在证据包里", "a leaf names what is not in the bundle"),
    "opening": Words("公开的细节与该行承诺的不符", "an opened detail is not as the leaf says"),
    "opened-total": Words("公开的合计不成立", "an opened total does not hold"),
}
_SIGNED: Final = {
    "agreement-malformed": Words("合约不合格式", "the agreement is not as its format says"),
    "agreement-place": Words("文件夹属于另一份合约", "the folder is another agreement's"),
    "agreement-foreign": Words(
        "证据包的主人不是该合约的当事方", "whose bundle this is, is no party to it"
    ),
    "agreement-signature": Words("合约的签名不成立", "a signature of the agreement fails"),
    "agreement-unlogged": Words("没有一行提到该合约", "no leaf names this agreement"),
    "agreement-one-sided": Words(
        "日志说合约已生效，却没有双方的签名", "it is final, and not both have signed"
    ),
    "stage-unlogged": Words("没有一行提到该签名", "no leaf names this signature"),
    "statement-place": Words("文件名属于另一份声明", "the name is another statement's"),
    "statement-signature": Words("声明的签名不成立", "the signature of the statement fails"),
    "statement-unlogged": Words("没有一行提到该声明", "no leaf names this statement"),
    "answer-without-agreement": Words(
        "签名者没有任何双方签署的合约可作该答案的依据",
        "no agreement of its signer, signed by both sides, carries this answer",
    ),
    "answer-parties": Words(
        "答案所写的双方与其合约不同", "the answer names other parties than its agreement"
    ),
    "answer-count": Words("答案多于合约所授予的次数", "more answers than the agreement grants"),
    "counted-otherwise": Words(
        "某一行所计与已签名的不同", "a leaf counts otherwise than what was signed"
    ),
    "contradiction": Words("签了两份互相矛盾的声明", "two statements that contradict were signed"),
}
_OTHERS: Final = {
    "peer-malformed": Words("对方的说明不合格式", "peer.json is not as its format says"),
    "peer-place": Words("名称属于另一方", "the name is another's"),
    "peer-checkpoint": Words("对方的日志头不成立", "the head of a peer does not hold"),
    "peer-unlogged": Words("没有一行说明见过该日志头", "no leaf says that the head was seen"),
    "split-view": Words("出示过两本不同的日志", "two logs that differ were shown"),
    "renamed-log": Words("一把密钥签了两个名字的日志", "one key signed logs of two names"),
    "rolled-back": Words(
        "日志短于它曾出示或回执过的：从旧副本恢复，或另一方写错了时间",
        "the log holds less than it once showed: an older copy, or a wrong date",
    ),
    "ack-form": Words("回执不合格式、重复或位置不对", "a promise is malformed, or misplaced"),
    "ack-signature": Words("回执的签名不成立", "the signature of a promise fails"),
    "ack-unlogged": Words("没有一行提到回执所对应的消息", "no leaf tells of the promised message"),
    "broken-promise": Words(
        "签名承诺过的内容，其日志中没有或已改变", "its log lacks, or changes, what it promised"
    ),
}
_BETWEEN: Final = {
    "missing-on-a": Words("B 有的内容 A 没有", "A lacks what B has"),
    "missing-on-b": Words("A 有的内容 B 没有", "B lacks what A has"),
    "different-kind": Words("两边的行种类或状态不同", "the two leaves differ in kind or state"),
    "different-digest": Words("两边的行所写的摘要不同", "the two leaves differ in a digest"),
    "different-decision": Words("两边所写的决定不同", "the two leaves differ in the decision"),
    "different-content": Words("两边所写的内容不同", "the two sides differ in content"),
    "doubled": Words("重复计入", "something was taken twice"),
    "clock-skew": Words(
        "两边的时间相差过大：时钟有误，或交付有等待",
        "far apart: a clock, or a delivery that waited",
    ),
    "unanswerable": Words("此处无从比较", "it cannot be compared here"),
    "nothing-compared": Words(
        "没有可比较的内容：请确认这些证据包是否正确",
        "nothing was compared: are these the bundles you mean?",
    ),
}
_TOTALS: Final = {
    "not-opened": Words("未公开所需的内容，无法重新计算", "what it takes was not opened"),
    "altered": Words("内容与签名者所说的不符", "it is not what its signer said"),
    "dropped": Words("漏掉了一个供方的贡献", "a contribution was dropped"),
    "swapped": Words("密文被互换", "ciphertexts were swapped"),
    "wrong-mark": Words("标记与所说的不符", "the marks are not as was said"),
    "wrong-classes": Words(
        "供方组总表不是由各成员的标记得出", "the cohort table does not follow from the marks"
    ),
    "wrong-renewal": Words(
        "总表的更新不是由各成员所说的变化得出",
        "the renewal of the cohort table does not follow from the changes",
    ),
    "other-release": Words(
        "由另一软件版本的规则判断，此处无法核验", "judged by the rules of another release"
    ),
}
FINDINGS: Final = {**_FILES, **_LOG, **_SIGNED, **_OTHERS, **_BETWEEN, **_TOTALS}
