"""What can be wrong when a connector is asked from a program, and with the one that answers."""

from __future__ import annotations

from typing import Final

from crypto.problem import Problem
from crypto.words import Words

_NOT_RUNNING: Final = Words("{where} 处没有连接器应答", "no connector answers at {where}")
NOT_RUNNING: Final = Problem(
    "not-running",
    _NOT_RUNNING,
    Words("请启动它：voile serve --home {home}", "start it: voile serve --home {home}"),
)
NOT_ANSWERING: Final = Problem(
    "not-running",
    _NOT_RUNNING,
    Words("请检查地址，以及它是否在运行", "check the address, and that it runs"),
)
TLS_FAILED: Final = Problem(
    "not-trusted",
    Words("与 {where} 的 TLS 连接未建立：{why}", "no TLS connection to {where}: {why}"),
    Words(
        "请检查地址和证书；自有的证书机构用 SSL_CERT_FILE 指明",
        "check the address and its certificate; name an authority of your own by SSL_CERT_FILE",
    ),
)
NOT_A_CONNECTOR: Final = Problem(
    "not-a-connector",
    Words("{where} 处应答的不是连接器", "what answers at {where} is no connector"),
    Words(
        "请查明谁在使用该端口，或设置 `management.port`",
        "see who uses that port, or set `management.port`",
    ),
)
ANSWER_UNREADABLE: Final = Problem(
    "not-a-connector",
    Words("{where} 处的应答无法读取：{why}", "what {where} answered cannot be read: {why}"),
    Words(
        "请查明谁在该处应答，以及它的版本",
        "see who answers there, and in which version",
    ),
)
ANSWERED: Final = Problem("failed", Words("连接器应答 {status}", "the connector answered {status}"))
TOKEN_REFUSED: Final = Problem(
    "token-refused",
    Words(
        "{where} 处的连接器不接受 `{file}` 中的令牌",
        "the connector at {where} does not take the token in `{file}`",
    ),
    Words(
        "请确认它由此节点文件夹启动；若是，请停止它并重新生成令牌：{renewal}",
        "see that it runs from this home; if so, stop it and draw a new token: {renewal}",
    ),
)
KEY_REFUSED: Final = Problem(
    "token-refused",
    Words(
        "{where} 处的连接器不接受给出的令牌",
        "the connector at {where} does not take the token that was given",
    ),
    Words(
        "请核对令牌，或请其所有者另发一个：voile key add",
        "check the token, or ask its owner for another: voile key add",
    ),
)
TOKEN_ODD: Final = Problem(
    "token-odd",
    Words("给出的令牌为空，或含有空格或不可见字符", "the token is empty, or has spaces in it"),
    Words("请给出一行文本，如 `voile key add` 所示", "give the line that `voile key add` shows"),
)
TOKEN_IN_CLEAR: Final = Problem(
    "url-unsafe",
    Words("{where} 会以明文传送令牌", "{where} would carry the token in clear"),
    Words("请用 https，或本机地址", "use https, or an address of this machine"),
)
URL_ODD: Final = Problem(
    "url-unsafe",
    Words("`{where}` 含有查询或片段", "`{where}` has a query or a fragment"),
    Words("请只给出地址和路径", "give the address and a path alone"),
)
SECRET_STAYS: Final = Problem(
    "secret-stays",
    Words("连接器的令牌不能被复制或序列化", "a connector's token is not copied or pickled"),
    Words("请在另一处再次打开连接器", "open the connector again where it is needed"),
)
OPENED_ODDLY: Final = Problem(
    "misused",
    Words("应给出节点文件夹，或 url 和 token", "expected a home, or a url and a token"),
    Words('请写 Connector("buyer")，或设置 VOILE_HOME', 'Connector("buyer"), or set VOILE_HOME'),
)
ID_EMPTY: Final = Problem(
    "misused",
    Words("{what} 为空", "{what} is empty"),
    Words("请给出它，见列表", "give it, see the lists"),
)
LANGUAGE_UNKNOWN: Final = Problem(
    "misused",
    Words("未知的语言 `{given}`", "language `{given}` is not known"),
    Words("请用 zh 或 en", "use zh or en"),
)
LIBRARY_MISSING: Final = Problem(
    "library-missing",
    Words("没有安装 {library}", "{library} is not installed"),
    Words("请安装：pip install {library}", "install it: pip install {library}"),
)
PRODUCT_MISSING: Final = Problem(
    "product-unseen",
    Words("没有找到产品 `{dataset}`", "no product `{dataset}` was found"),
    Words(
        "请用 search 检索，或写明 provider",
        "look for it with `search`, or name its provider",
    ),
)
PRODUCT_OF_SEVERAL: Final = Problem(
    "product-unseen",
    Words(
        "产品 `{dataset}` 有多个提供方：{providers}",
        "`{dataset}` is a product of several: {providers}",
    ),
    Words("请写明 provider", "name one as `provider`"),
)
DECLINED: Final = Problem(
    "declined",
    Words("协商已被 {by} 终止：{why}", "{by} ended the negotiation: {why}"),
    Words("请见 explain_process({pid})", "see explain_process({pid})"),
)
NO_REASON: Final = Words("没有说明原因", "no reason was given")
STILL_WAITING: Final = Problem(
    "still-waiting",
    Words(
        "{seconds} 秒后协商仍为 {state}",
        "after {seconds} s the negotiation is still {state}",
    ),
    Words(
        "协商仍在进行：请见 explain_process({pid})",
        "it goes on by itself: see explain_process({pid})",
    ),
)
OTHER_TERMS: Final = Problem(
    "other-terms",
    Words("提供方给出的条款与所请求的不同", "the provider offers other terms than were asked for"),
    Words(
        "请查看异常的 `offer`，再执行 voile accept {pid}",
        "look at `offer` of this error, then: voile accept {pid}",
    ),
)
TABLE_CLOSED: Final = Problem(
    "table-closed",
    Words("没有生效的协议开放表 `{table}`", "no agreement in force opens the table `{table}`"),
    Words("已开放：{known}", "open are: {known}"),
)
TABLE_OF_SEVERAL: Final = Problem(
    "table-closed",
    Words(
        "多个协议开放表 `{table}`：{agreements}",
        "several agreements open the table `{table}`: {agreements}",
    ),
    Words("请写明其中一个", "name one of them"),
)
TABLE_UNSEEN: Final = Problem(
    "table-unseen",
    Words(
        "无法看到协议 {agreements} 是否也开放表 `{table}`：{providers} 的目录眼下没有说明",
        "it cannot be seen whether {agreements} opens the table `{table}`, too: "
        "the catalogue of {providers} does not say now",
    ),
    Words("请写明协议（agreement），或稍后再问", "name the agreement, or ask again later"),
)
NO_TABLE: Final = Words("没有", "none")
BUNDLE_ODD: Final = Problem(
    "evidence-unreadable",
    Words("证据包无法读取：{why}", "the bundle cannot be read: {why}"),
    Words("请再次导出：voile audit export", "export it again: voile audit export"),
)
BUNDLE_HALF: Final = Words("流在结束前中断", "it ends in the middle")
BUNDLE_MEMBER: Final = Words("其中有异常的文件", "an odd file is in it")
BUNDLE_LARGE: Final = Words("超过 {most} 字节", "it is over {most} bytes")
TRUST_UNREADABLE: Final = Problem(
    "trust-unreadable",
    Words("信任文件 `{path}` 无法读取", "the trust file `{path}` cannot be read"),
    Words("请写出一个：voile audit trust --out FILE", "write one: voile audit trust --out FILE"),
)
AWAITS: Final = Problem(
    "approval-pending",
    Words("此操作须另一人同意后才执行", "this waits until another person agrees"),
    Words("见 `voile approval list`", "see `voile approval list`"),
)
