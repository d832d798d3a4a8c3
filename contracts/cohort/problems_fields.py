"""What a field of a statement of a cohort should have been."""

from __future__ import annotations

from typing import Final

from crypto.words import Words

ID_BITS: Final = Words("base64url 写的 128 个随机位", "128 random bits in base64url")
DECIMAL: Final = Words("十进制字符串写的整数", "a whole number as a decimal string")
DIGEST_EACH: Final = Words("给每个供方一个摘要的对象", "an object with a digest per provider")
SORTED_DIDS: Final = Words("有序且每个 DID 只出现一次", "sorted, each DID once")
BOUNDS: Final = Words(
    "不大于 0，且 `upper` 不小于 0 并大于它", "at most 0, and `upper` at least 0 and above it"
)
NAMED_APART: Final = Words("名称各不相同", "named differently")
CODES_EACH: Final = Words("每个维度一个代码的数组", "arrays with one code per dimension")
ONCE_EACH: Final = Words("每个单元和每个维度只出现一次", "each cell and each dimension once")
MARKS: Final = Words("由 `{signs}` 组成的等长文字", "texts of one length out of `{signs}`")
MEASURE_BOUNDS: Final = Words(
    "升序的上下限，以及空值是否计入", "bounds in ascending order, and whether empty values count"
)
CELL_AND_FORMS: Final = Words("单元与形态成对", "pairs of a cell and forms")
CELLS_ASCENDING: Final = Words("升序且每个单元只出现一次", "ascending, each cell once")
CELLS_UP_TO: Final = Words("至多 {most} 个单元", "of at most {most} cells")
CLASSES_APART: Final = Words(
    "互不相交，按最小单元排列，且不含已封锁的单元",
    "disjoint, by least cell, apart from what is blocked",
)
MEASURES_APART: Final = Words("互不相交，按最小的类排列", "disjoint, by least class")
CLASS_NUMBERS: Final = Words("类的编号", "numbers of classes")
CLASS_NUMBERS_UP: Final = Words("升序的类编号", "numbers of classes, ascending")
ARRAY_UP_TO: Final = Words("至多 {most} 个元素的数组", "an array of at most {most} elements")
CELLS_AS_CODES: Final = Words("以代码编号写的单元", "cells as numbers of codes")
CELLS_AT_LEAST: Final = Words(
    "至少 {least} 个升序的单元，每个只出现一次", "at least {least} cells, ascending, each once"
)
HEX: Final = Words("十六进制写的位", "bits in hex")
