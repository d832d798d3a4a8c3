"""What can be wrong with the file of a data contract, before anybody looks at what it says."""

from __future__ import annotations

from typing import Final

from crypto.problem import Problem
from crypto.words import Words

NOT_INSTALLED: Final = Problem(
    "contract-file.extra",
    Words(
        "读取数据合约所需的包没有安装", "what reads data contracts is not installed with this voile"
    ),
    Words("请安装：pip install 'voile[odcs]'", "install it: pip install 'voile[odcs]'"),
)
TOO_LARGE: Final = Problem(
    "contract-file.large",
    Words(
        "数据合约应至多 {most} 字节、嵌套至多 {deep} 层",
        "expected a data contract of at most {most} bytes, nested {deep} deep at most",
    ),
    Words("请去掉不需要的对象和样例", "take objects and examples out that are not needed"),
)
NO_TEXT: Final = Problem(
    "contract-file.text",
    Words("`{path}` 不是 UTF-8 文本", "`{path}` is no UTF-8 text"),
    Words("请给出 ODCS 的 YAML 文件", "name a YAML file of ODCS"),
)
NO_YAML: Final = Problem(
    "contract-file.yaml",
    Words("第 {line} 行不是正确的 YAML：{why}", "line {line} is no correct YAML: {why}"),
    Words("请改正该行", "correct that line"),
)
ALIAS: Final = Problem(
    "contract-file.alias",
    Words("第 {line} 行使用了 YAML 别名或标签", "line {line} uses an alias or a tag of YAML"),
    Words("请把其内容直接写出", "write out what it stands for"),
)
TWICE: Final = Problem(
    "contract-file.yaml",
    Words("第 {line} 行的键 `{key}` 出现了两次", "the key `{key}` stands twice at line {line}"),
    Words("请删去其中一个", "take one of them out"),
)
OTHER_VERSION: Final = Problem(
    "contract-file.version",
    Words(
        "`apiVersion` 应为 {known} 之一，实为 `{given}`",
        "`apiVersion`: expected one of {known}, got `{given}`",
    ),
    Words("请把合约转换为其中一个版本", "bring the contract to one of these versions"),
)
NOT_BY_SCHEMA: Final = Problem(
    "contract-file.schema",
    Words(
        "合约不符合 ODCS 的 JSON 模式，在 `{at}`：{why}",
        "the contract is not as the JSON schema of ODCS says, at `{at}`: {why}",
    ),
    Words("请改正该处", "correct it there"),
)
