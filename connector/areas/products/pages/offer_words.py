"""What the third step of the wizard says: what is offered."""

from __future__ import annotations

from typing import Final

from crypto.words import Words

TITLE: Final = Words("要约", "The offer")
INTRO: Final = Words(
    "没有要约，谁都不能提问。从模板开始，再按需要修改",
    "Without an offer nobody can ask. Begin with a template, then change what you like",
)
INTRO_CHANGED: Final = Words(
    "可以从模板重新开始，或按需要修改；保存后以此处所写为准",
    "Begin anew with a template, or change what you like: once saved it says what is written here",
)
SENTENCE: Final = Words("要约写成一句话", "The offer as a sentence")
NONE_YET: Final = Words("还没有要约", "There is no offer yet")
TEMPLATES: Final = Words("模板", "Templates")
TEMPLATE_TRIAL: Final = Words(
    "试用：一家企业，10 次，30 天", "Trial: one firm, 10 questions, 30 days"
)
TEMPLATE_PARTNER: Final = Words(
    "合作伙伴：指定企业，100 次，一年", "Partners: named firms, 100 questions, one year"
)
TEMPLATE_SPACE: Final = Words(
    "数据空间成员：50 次，90 天（仅限级别 1）",
    "Members of the space: 50 questions, 90 days (level 1 only)",
)
WHO: Final = Words("谁可以提问", "Who may ask")
WHO_NAMED: Final = Words("指定的企业", "firms that are named")
WHO_SPACE: Final = Words("本数据空间的所有成员", "all members of our data space")
WHO_ALL: Final = Words("任何已认证的企业", "any certified firm")
FIRMS: Final = Words("企业", "Firms")
FIRMS_WHY: Final = Words(
    "本数据空间现在的认证企业；级别 2 必须指名",
    "Those that the data space certifies now. Level 2 needs names",
)
ANOTHER: Final = Words("再加一家", "Another firm")
ANOTHER_WHY: Final = Words(
    "输入名称的一部分，再从列表中选择", "Type a part of its name, then choose it of the list"
)
RECIPIENTS: Final = Words("其他企业，每行一个", "Others, one a line")
RECIPIENTS_ONLY: Final = Words("企业，每行一个", "Firms, one a line")
RECIPIENTS_WHY: Final = Words(
    "登记名称或 DID；DID 由对方提供，如 did:web:buyer.example",
    "By registered name or DID; they tell you theirs, like did:web:buyer.example",
)
PURPOSES: Final = Words("用途", "Purposes")
ONE_PURPOSE: Final = Words("至少一个用途", "at least one purpose")
UNTIL: Final = Words("截至（含当日）", "Until, that day included")
COUNT: Final = Words("最多提问次数", "At most so many questions")
COUNT_WHY: Final = Words("不填则不限", "Empty for no limit")
MINIMUM: Final = Words("每格贡献者下限", "Least contributors of a cell")
MINIMUM_WHY: Final = Words(
    "只能比产品自身的规则更严", "It can only be stricter than the product's own rule"
)
ABOUT: Final = Words("名称与分级", "Names and grading")
ID: Final = Words("产品标识", "Identifier")
ID_WHY: Final = Words(
    "小写字母、数字和 -；发布后不能更改",
    "Lower case letters, digits and -; it stays once published",
)
ID_INSTEAD: Final = Words(
    "文件名给出的标识 {first} 已被其他产品或草稿使用，因此建议 {id}；可以更改",
    "The file's name gives {first}, which another product or draft has: {id} is proposed. Change it"
    " as you like",
)
ID_STANDS: Final = Words(
    "已有此标识的产品：发布后成为它的新数据版本，并替换其名称和要约。若是另一产品，请换一个标识",
    "A product of this identifier stands: this becomes new data of it, with these names and offers."
    " If it is another product, write another identifier",
)
TABLE: Final = Words("提问中的表名", "Table name in questions")
TITLE_ZH: Final = Words("标题（中文）", "Title in Chinese")
TITLE_EN: Final = Words("标题（英文）", "Title in English")
ABOUT_ZH: Final = Words("说明（中文）", "Description in Chinese")
ABOUT_EN: Final = Words("说明（英文）", "Description in English")
DOMAIN: Final = Words("数据域", "Domain")
LEVEL: Final = Words("级别", "Level")
LEVEL_WHY: Final = Words(
    "按贵方的分类分级。2 级及以上的要约由第二人同意后才生效",
    "By your own grading. Offers of level 2 and above may need the agreement of a second person",
)
LEVEL_1: Final = Words("1：可提供给任何人", "1: may be offered to anybody")
LEVEL_2: Final = Words("2：必须指名接收方", "2: recipients must be named")
LEVEL_3: Final = Words("3：不得提供", "3: may be offered to nobody")
ZONE: Final = Words("时区：一天从何处的零点算起", "Zone in which a day begins")
SEPARATE: Final = Words(
    "这些行不属于本方的任何其他产品", "These rows are in no other product of ours"
)
SEPARATE_WHY: Final = Words(
    "只在预览说与另一产品相似、而数据确实不同时勾选",
    "Tick it only where the preview finds them like another product's, and they are others indeed",
)
SAVE: Final = Words("保存要约", "Save the offer")
SAVED: Final = Words("要约已保存", "The offer was saved")
NO_OFFER: Final = Words("暂不提供", "Offer nothing yet")
OTHER_PURPOSE: Final = Words("其他用途（IRI）", "Another purpose, as an IRI")
