"""What can be wrong with a delivery of a file."""

from __future__ import annotations

from typing import Final

from crypto.problem import Problem
from crypto.words import Words

DESTINATION_REFUSED: Final = Problem(
    "transfer.destination-refused",
    Words(
        "`/dataAddress`：应为使用公开主机名的 https 网址，实为其他地址",
        "`/dataAddress`: expected an https URL with a public host name, got another",
    ),
    Words(
        "请提供可经 https 在公开主机名上访问的目的地",
        "name a destination that is reached over https at a public host name",
    ),
)
DIGESTS_DIFFER: Final = Problem(
    "delivery-digest",
    Words(
        "收到的文件与供方承诺的不符：摘要不同",
        "what came is not what the provider promised: the digests differ",
    ),
)
BROKEN: Final = Problem(
    "delivery-broken",
    Words("文件未能传完", "the file did not come through"),
    Words("请再取一次：会从中断处继续", "fetch again: it goes on where it stopped"),
)
OTHER_PART: Final = Problem(
    "delivery-range",
    Words("供方发来的不是所请求的那一部分", "the provider sent another part than was asked for"),
)
FILE_RENEWED: Final = Problem(
    "delivery-renewed",
    Words("文件已不在：已发布较新的版本", "the file is gone: a newer version was published"),
    Words("请再次请求最新版本", "ask again for the newest version"),
)
FETCHES_BUSY: Final = Problem(
    "delivery-busy",
    Words("正在取的文件已有 {most} 个", "{most} fetches are under way"),
    Words("请等待其中一些结束", "wait until some have ended"),
)
STOPPING: Final = Problem(
    "stopping",
    Words("连接器正在停止", "the connector is stopping"),
    Words("请再取一次：会从中断处继续", "fetch again: it goes on where it stopped"),
)
DELIVERIES_BUSY: Final = Problem(
    "delivery-busy",
    Words(
        "正在交付的文件已达上限：共 {most} 个，或对该参与方 {most_of_one} 个",
        "{most} deliveries are under way, or {most_of_one} of them to this party",
    ),
    Words("请在一分钟后重试", "try again in a minute"),
)
OUT_EXISTS: Final = Problem(
    "delivery-out-exists",
    Words("`{out}` 已经存在", "`{out}` is there already"),
    Words("请另取文件名，或移走该文件", "name another file, or take this one away"),
)
OUT_UNWRITABLE: Final = Problem(
    "delivery-out",
    Words("无法写入 `{out}`：{why}", "`{out}` cannot be written: {why}"),
    Words(
        "请指定连接器可写的文件夹中的文件",
        "name a file in a folder that the connector may write to",
    ),
)
DISK_NEARLY_FULL: Final = Problem(
    "delivery-disk",
    Words("磁盘将满：已停止取文件", "the disk is nearly full: the fetch was stopped"),
    Words(
        "请腾出空间后再取一次：会从中断处继续",
        "make room, then fetch again: it goes on where it stopped",
    ),
)
DISK_WRITE: Final = Problem(
    "delivery-disk",
    Words("无法写入文件：{why}", "the file cannot be written: {why}"),
    Words(
        "请腾出空间或另选文件，然后再取一次：会从中断处继续",
        "make room or name another file, then fetch again: it goes on where it stopped",
    ),
)
DESTINATION_MISSING: Final = Problem(
    "transfer.destination-missing",
    Words(
        "`/dataAddress`：使用 `{format}` 时应写明文件的去处",
        "`/dataAddress`: expected where the file shall go, beside `{format}`",
    ),
    Words("请在 `dataAddress` 中写明目的地", "name the destination in `dataAddress`"),
)
FILE_GONE: Final = Problem(
    "delivery-renewed",
    Words("文件已不在：已发布较新的版本", "the file is gone: a newer version was published"),
    Words("将以最新版本重试", "it is tried again with the newest version"),
)
COPY_DAMAGED: Final = Problem(
    "product.damaged",
    Words("文件产品的副本长度与原先不同", "the copy of a file product is not as long as it was"),
    Words("请重新发布该文件", "publish the file again"),
)
PROPERTY_UNREAD: Final = Problem(
    "transfer.address-refused",
    Words("`/dataAddress`：不读取属性 `{name}`", "`/dataAddress`: property `{name}` is not read"),
    Words(
        "请只发送 endpoint、authorization 和 authType",
        "send only endpoint, authorization and authType",
    ),
)
PROPERTY_TWICE: Final = Problem(
    "transfer.address-refused",
    Words(
        "`/dataAddress`：属性 `{name}` 重复出现",
        "`/dataAddress`: property `{name}` stands there twice",
    ),
    Words("请只发送一次", "send it once"),
)
ONE_URL: Final = Problem(
    "transfer.address-refused",
    Words(
        "`/dataAddress`：应有一个网址，实有 {count} 个",
        "`/dataAddress`: expected one URL, got {count}",
    ),
    Words("请以任一写法写明 endpoint 一次", "name the endpoint once, in either form"),
)
AUTHORIZATION_ODD: Final = Problem(
    "transfer.address-refused",
    Words(
        "`/dataAddress`：authorization 不是 HTTP 头的取值",
        "`/dataAddress`: the authorization is no header value",
    ),
    Words("请发送可打印的 ASCII 字符", "send printable ASCII"),
)
NOT_NOW: Final = Problem(  # its code is what `look` found
    "",
    Words("目前不允许这一交付", "this delivery is not allowed now"),
    Words(
        "请查看该传输的状态；供方知道更多",
        "read the state of the transfer; the provider knows more",
    ),
)
CUT: Final = Problem("", Words("交付已被停止", "the delivery was stopped"))  # its code says why
DESTINATION_ANSWERED: Final = Problem(  # its code is the status
    "", Words("目的地答复 {status}", "the destination answered {status}")
)
JOB_MISSING: Final = Problem(
    "delivery-missing",
    Words("没有交付 `{job}`", "no delivery `{job}`"),
    Words(
        "请再取一次：进行中的交付随连接器停止而结束",
        "fetch it again: deliveries under way end with the connector",
    ),
)
ABSOLUTE_PATH: Final = Words(
    "连接器所在机器上文件的绝对路径", "the absolute path of a file on the connector's machine"
)
