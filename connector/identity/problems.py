"""What can be wrong with who somebody is: DIDs and their documents, standing, presence, load."""

from __future__ import annotations

from typing import Final

from crypto.problem import Problem
from crypto.words import Words

DID_UNRESOLVED: Final = Problem(
    "did-unresolved",
    Words("`{did}` 的 DID 文档答复 {status}", "the DID document of `{did}` answered {status}"),
    Words(
        "请查看对方是否在运行，其公开网址是否正确",
        "see whether the party is up and its public URL is right",
    ),
)
NOT_AT_HAND: Final = Problem(
    "did-not-at-hand",
    Words("`{did}` 的 DID 文档不在手边", "the DID document of `{did}` is not at hand"),
    Words("请重试", "try again"),
)
SERVICE_MISSING: Final = Problem(
    "service-missing",
    Words("`{did}` 不提供服务 `{service}`", "`{did}` offers no service `{service}`"),
    Words(
        "请询问对方是否运行 Voile，或使用普通的 DSP",
        "ask the party whether it runs Voile, or use plain DSP",
    ),
)
SERVICE_MALFORMED: Final = Problem(
    "service-malformed",
    Words("`{did}` 的服务 `{service}`：{why}", "the service `{service}` of `{did}`: {why}"),
    Words("请对方修正其 DID 文档", "ask the party to repair its DID document"),
)
EGRESS_FOREIGN: Final = Problem(
    "egress-foreign",
    Words(
        "`{url}` 不在 `{did}` 的 DID 文档所列的地址上",
        "`{url}` is not at an address that `{did}` names in its DID document",
    ),
    Words(
        "对方须在其 DID 文档中列出该服务",
        "the party must list the service in its DID document",
    ),
)

RATE: Final = Problem(
    "rate-participant",
    Words("此类调用过多", "too many calls of this kind"),
    Words("请等一秒钟", "wait a second"),
)
CHANGES: Final = Problem(
    "rate-changes",
    Words("同一参与方的更改过多", "too many changes by one participant"),
    Words("请稍等", "wait a while"),
)
DOOR_BUSY: Final = Problem(
    "door-busy",
    Words(
        "等待其令牌所指 DID 文档的请求过多",
        "too many requests wait for the DID documents that their tokens name",
    ),
    Words("请稍候原样重发", "send the same again in a moment"),
)
BUDGET: Final = Problem(
    "question-budget",
    Words(
        "你方的请求已用完为你方预留的工作量；{seconds} 秒后才又足够",
        "your requests have used up the work that is set aside for you; {seconds} s until "
        "there is enough again",
    ),
    Words(
        "请在 {seconds} 秒后再提问；被拒绝和只作说明的提问也计入",
        "ask again in {seconds} s; refused and explained questions count too",
    ),
)
ISSUER_UNRESOLVED: Final = Problem(
    "issuer-unresolved",
    Words(
        "现在无法获取令牌所指的 DID 文档",
        "the DID document that the token names cannot be fetched now",
    ),
    Words(
        "请在你方 did:web 所指之处提供它，再原样重发",
        "serve it where your did:web says, and send the same again",
    ),
)
NO_HUB: Final = Problem(
    "status-no-hub",
    Words("没有设置运营方", "no hub is set"),
    Words("请在设置中填写 `hub`", "set `hub` in the settings"),
)
EQUIVOCATION: Final = Problem(
    "status-equivocation",
    Words(
        "运营方以序号 {serial} 签署了两份状态文件",
        "the hub signed two status documents under serial {serial}",
    ),
    Words(
        "请询问运营方；先前那份仍然有效",
        "ask the operator of the hub; the first one stays in force",
    ),
)

_DID: Final = Words("设置 `did`：{why}", "setting `did`: {why}")
FITTING: Final = Words("与 `{url}` 相符的 DID 是 `{did}`", "a DID that fits `{url}` is `{did}`")
HOST_NAME: Final = Words(
    "请给 `public_url` 一个主机名：DID 不能指地址",
    "give `public_url` a host name: a DID names no address",
)
UNRESOLVABLE: Final = Problem("did-unresolvable", _DID)
HUB_UNRESOLVABLE: Final = Problem(
    "did-unresolvable",
    Words("设置 `hub`：{why}", "setting `hub`: {why}"),
    Words("请向运营方询问其 DID", "ask the hub's operator for its DID"),
)
ELSEWHERE: Final = Problem(
    "did-elsewhere",
    Words(
        "设置 `did`：其他各方在 `{at}` 获取其文档，而该处不在公开网址 `{url}`",
        "setting `did`: others fetch its document at `{at}`, which is not at the public URL"
        " `{url}`",
    ),
)

MAKE_NEW: Final = Words("请另行新建：{how}", "make a new home: {how}")
LEADS_HERE: Final = Words(
    "请确认代理、名称和端口都通向此处，然后执行 voile doctor",
    "see that the proxy, the name and the ports lead here, then: voile doctor",
)
ANOTHER_NODE: Final = Words(
    "该处由另一节点答复；请给两者之一另一个 DID，或改正代理",
    "another node answers there; give one of the two another DID, or correct the proxy",
)
SEEN: Final = Words("`{url}` 给出本方的文档和密钥", "`{url}` gives our document with our keys")
SEEN_ONE: Final = Words("`{url}` 给出本方的文档", "`{url}` gives our document")
NOT_FETCHED: Final = Words("无法获取 `{url}`：{why}", "`{url}` cannot be fetched: {why}")
ANSWERS: Final = Words("`{url}` 答复 {status}", "`{url}` answers {status}")
NO_DOCUMENT: Final = Words("`{url}` 没有给出 DID 文档", "`{url}` gives no DID document")
NOT_OURS: Final = Words(
    "`{url}` 给出的不是本方的文档：{why}", "`{url}` does not give our document: {why}"
)
OTHER_KEYS: Final = Words(
    "`{url}` 给出 `{did}` 的文档，但密钥不同",
    "`{url}` gives a document of `{did}` with other keys",
)
OTHER_DOCUMENT: Final = Words(
    "`{url}` 给出另一份文档，其中是本方的密钥：较旧的，或别处的",
    "`{url}` gives our keys in another document: an older one, or one of another place",
)
