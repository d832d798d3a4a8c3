"""What can be wrong with a draft of a product."""

from __future__ import annotations

from typing import Final

from crypto.problem import Problem
from crypto.words import Words

OTHER_FILE: Final = Problem(
    "draft.file",
    Words("`{name}` 不是可读取的数据文件", "`{name}` is no data file that is read here"),
    Words("请提供以下格式之一：{endings}", "hand in one of these: {endings}"),
)
FILE_EMPTY: Final = Problem(
    "draft.file",
    Words("文件 `{name}` 是空的", "the file `{name}` is empty"),
    Words("请选择含有数据的文件", "choose a file with data in it"),
)
NO_FILE: Final = Problem(
    "draft.file",
    Words("没有选择文件", "no file was chosen"),
    Words(
        "请选择一个文件，或导入文件夹中的一个名称", "choose a file, or a name of the import folder"
    ),
)
FILE_TOO_LARGE: Final = Problem(
    "draft.file-too-large",
    Words("文件 `{name}` 超过 {most} 字节", "the file `{name}` has more than {most} bytes"),
    Words(
        "请压缩（.csv.gz）、拆分，或请管理员把它放入导入文件夹",
        "pack it (.csv.gz), split it, or have the operator put it into the import folder",
    ),
)
NOT_ON_HAND: Final = Problem(
    "draft.not-on-hand",
    Words("导入文件夹中没有文件 `{name}`", "the import folder has no file `{name}`"),
    Words("请从列表中选择", "choose one of the list"),
)
MISSING: Final = Problem(
    "draft.missing",
    Words("没有草稿 `{draft}`", "there is no draft `{draft}`"),
    Words("请从草稿列表中选择", "choose one of the list of drafts"),
)
ELSEWHERE: Final = Problem(
    "draft.changed",
    Words("草稿其间已被更改", "the draft was changed meanwhile"),
    Words(
        "请重新载入页面，查看现在的内容后再改", "load the page anew, and look at what it says now"
    ),
)
NOT_OPEN: Final = Problem(
    "draft.state",
    Words("草稿{how}，现在不能这样做", "the draft is {how}: this cannot be done now"),
    Words("请等待读取结束，或开始新的草稿", "wait until it has been read, or begin a new one"),
)
STATES: Final = {
    "reading": Words("正在读取", "being read"),
    "failed": Words("无法读取", "not read, as its file cannot be"),
    "open": Words("进行中", "under way"),
    "published": Words("已发布", "published"),
}
BUSY: Final = Problem(
    "draft.busy",
    Words("此草稿正在读取或预览", "this draft is being read or previewed"),
    Words("请等待其结束，或取消", "wait until that has ended, or cancel it"),
)
QUEUE: Final = Problem(
    "draft.previews-wait",
    Words("已有另一草稿在等待预览", "another draft waits for its preview already"),
    Words("请稍后重试", "try again in a moment"),
)
CANCELLED: Final = Problem(
    "draft.cancelled", Words("已取消；未改变任何内容", "it was cancelled; nothing was changed")
)
UNCONFIRMED: Final = Problem(
    "draft.unconfirmed",
    Words("尚未确认的列：{columns}", "these columns were not confirmed: {columns}"),
    Words(
        "请查看每一列的推测并确认，或设为不使用",
        "look at what was guessed of each and confirm it, or leave it unused",
    ),
)
LACKS: Final = Problem(
    "draft.lacks",
    Words("还缺：{what}", "it still lacks: {what}"),
    Words("请在第 1 步选择", "choose it in step 1"),
)
NOBODY_NAMED: Final = Problem(
    "draft.recipients",
    Words(
        "要约只面向写明的企业，却没有写明任何一家",
        "the offer is for the firms that are named, and none is named",
    ),
    Words(
        "请选择企业，或改为本数据空间的成员、或所有已认证企业",
        "choose some firms, or the members of your data space, or all who are certified",
    ),
)
_WHICH: Final = Words(
    "请从列表中选择企业，或写下其 DID，每行一个",
    "choose the firms of the list, or write their DIDs, one a line",
)
NO_SUCH_FIRM: Final = Problem(
    "draft.recipients",
    Words(
        "接收方 `{name}` 不是 DID，也不是本数据空间中任何企业的登记名称",
        "recipient `{name}` is no DID, and no firm of the data space is registered by that name",
    ),
    _WHICH,
)
NAME_TWICE: Final = Problem(
    "draft.recipients",
    Words("有几家企业都叫 `{name}`：{dids}", "several firms are called `{name}`: {dids}"),
    Words("请写下所指企业的 DID", "write the DID of the one that is meant"),
)
NO_DID: Final = Problem(
    "draft.recipients",
    Words(
        "接收方 `{name}` 不是 DID；DID 如 `did:web:buyer.example`",
        "recipient `{name}` is no DID; one is like `did:web:buyer.example`",
    ),
    _WHICH,
)
NOT_CERTIFIED: Final = Problem(
    "draft.recipients",
    Words(
        "接收方 `{name}` 现在不是本数据空间的认证企业",
        "recipient `{name}` is no firm that the data space certifies now",
    ),
    Words(
        "请核对拼写，或从列表中选择；对方须先获得运营方认证",
        "look at its spelling, or choose one of the list; the operator certifies it first",
    ),
)
NAMED_BESIDE: Final = Problem(
    "draft.recipients",
    Words(
        "写明了企业，却选择了面向所有成员或所有已认证企业：其他企业也能接受",
        "firms are named, and yet the offer is for all members or all who are certified: others"
        " could take it, too",
    ),
    Words(
        "若只给写明的企业，请选择“指定的企业”；否则请清空企业列表",
        "choose the firms that are named, if it is for them alone; else empty the list of firms",
    ),
)
STANDS_OTHERWISE: Final = Problem(
    "draft.product-changed",
    Words(
        "产品 `{product}` 与此草稿所示不同：其间已被更改或撤回",
        "product `{product}` is not as this draft shows it: it was changed meanwhile, or withdrawn",
    ),
    Words(
        "请重新预览，查看现行的条款后再发布",
        "preview it again, and look at what stands now before you publish",
    ),
)
TOO_MANY: Final = Problem(
    "draft.too-many",
    Words("已有 {most} 个草稿，不再接收文件", "there are {most} drafts: no file is taken"),
    Words("请丢弃不再需要的草稿", "drop those that are not needed any more"),
)
ONE_CONTRIBUTOR: Final = Problem(
    "draft.contributors",
    Words("有 {count} 列被选作贡献者", "{count} columns are said to be the contributor"),
    Words("请只选一列", "choose one of them"),
)
RENEWAL: Final = Problem(
    "draft.renewal",
    Words(
        "此草稿为产品 `{product}` 的新数据版本，其列不能更改",
        "this draft is a new data version of product `{product}`: its columns stay",
    ),
    Words("请直接预览并发布", "preview and publish it"),
)
CONTRIBUTOR: Final = Words("贡献者（隐私的单位）", "the contributor, the unit of privacy")
DIMENSION: Final = Words("至少一个维度", "at least one dimension")

_EXPECTED: Final = Words(
    "列 `{column}` 的{what}：应为{expected}，实为{got}",
    "column `{column}`, {what}: expected {expected}, got {got}",
)
COLUMN_FIELD: Final = Problem(
    "draft.column-field",
    _EXPECTED,
    Words(
        "请在第 1 步改正该列的{what}；其他已填的内容都还在",
        "correct the {what} of this column in step 1; all else that was typed is still there",
    ),
)
COLUMNS_FIELD: Final = Problem(
    "draft.column-field",
    Words("{what}：应为{expected}，实为{got}", "{what}: expected {expected}, got {got}"),
    Words("请在第 1 步更改", "change it in step 1"),
)
OFFER_FIELD: Final = Problem(
    "draft.offer-field",
    Words("{what}：应为{expected}，实为{got}", "{what}: expected {expected}, got {got}"),
    Words(
        "请在第 3 步改正；其他已填的内容都还在",
        "correct it in step 3; all else that was typed is still there",
    ),
)
IN_STEPS: Final = Words("请在第 1 步或第 3 步改正", "correct it in step 1 or step 3")
F_DIMENSIONS: Final = Words("全部维度", "the dimensions together")
F_MEASURES: Final = Words("全部指标", "the measures together")
F_CONTRIBUTOR: Final = Words("贡献者", "the contributor")
F_ID: Final = Words("产品标识", "identifier")
F_TABLE: Final = Words("提问中的表名", "table name in questions")
F_DOMAIN: Final = Words("数据域", "domain")
F_LEVEL: Final = Words("级别", "level")
F_ZONE: Final = Words("时区", "zone")
F_TITLE: Final = Words("标题", "title")
F_ABOUT: Final = Words("说明", "description")
F_RECIPIENTS: Final = Words("接收方企业", "firms that may ask")
F_PURPOSES: Final = Words("用途", "purposes")
F_UNTIL: Final = Words("截至日期", "last day")
F_COUNT: Final = Words("最多提问次数", "number of questions")
F_MINIMUM: Final = Words("每格贡献者下限", "least contributors of a cell")
