"""What a product file that was made in the console says in its comments."""

from __future__ import annotations

from typing import Final

from crypto.words import Words

HEAD: Final = Words(
    "产品文件，由产品向导根据 {name} 写成；`voile publish` 同样接受",
    "product file, made by the product wizard from {name}; `voile publish` takes it as well",
)
CODES_INSIDE: Final = Words(
    "本文件含有数据中的代码和取值范围：请勿外传",
    "this text holds codes and ranges of the data: pass it on to nobody",
)
