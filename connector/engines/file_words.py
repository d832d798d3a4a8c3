"""Files that are neither CSV nor Parquet: what they are, and what makes one of them."""

from __future__ import annotations

from typing import Final

from crypto.words import Words

ZIP: Final = Words(
    "zip 压缩包或 Excel 工作簿（.xlsx）", "a zip archive or an Excel workbook (.xlsx)"
)
WORKBOOK: Final = Words("Excel 工作簿（.xlsx）", "an Excel workbook (.xlsx)")
OLD_EXCEL: Final = Words("旧版 Excel 工作簿（.xls）", "an old Excel workbook (.xls)")
COMPRESSED: Final = Words("经 {by} 压缩的文件（{ending}）", "compressed by {by} ({ending})")
TWICE: Final = Words("经 {by} 压缩两次的文件", "compressed twice, by {by} inside")
PACKED_PARQUET: Final = Words("压缩过的 Parquet 文件", "a Parquet file that was packed once more")
SEVEN_ZIP: Final = Words("7-Zip 压缩包（.7z）", "a 7-Zip archive (.7z)")
RAR: Final = Words("RAR 压缩包（.rar）", "a RAR archive (.rar)")
ORC: Final = Words("ORC 文件", "an ORC file")
ARROW: Final = Words("Arrow 文件", "an Arrow file")
AVRO: Final = Words("Avro 文件", "an Avro file")
SQLITE: Final = Words("SQLite 数据库", "an SQLite database")
PDF: Final = Words("PDF 文档", "a PDF document")
UTF16: Final = Words("UTF-16 文本", "text in UTF-16")

NAME_ITS_SHEET: Final = Words(
    "在产品文件的 `[reading]` 中写 `sheet`（工作表名），或另存为 CSV",
    "name its `sheet` under `[reading]` in the product file, or save it as CSV",
)
UNPACK_OR_SAVE: Final = Words("解压，或另存为 CSV", "unpack it, or save it as CSV")
SAVE_AS_CSV_UTF8: Final = Words("另存为 CSV（UTF-8）", "save it as CSV (UTF-8)")
UNPACK_BY: Final = Words("用 {by} 解压", "unpack it: {by}")
INSTALL_ZSTD: Final = Words(
    "安装 `voile[zst]` 后重试，或用 unzstd 解压", "install `voile[zst]`, or unpack it: unzstd"
)
UNPACK: Final = Words("解压", "unpack it")
SAVE_AS_TABLE: Final = Words("另存为 Parquet 或 CSV", "save it as Parquet or CSV")
SAVE_TABLE: Final = Words("把其中的表另存为 CSV", "save the table as CSV")
SAVE_AS_UTF8: Final = Words(
    '在产品文件的 `[reading]` 中写 `encoding = "utf-16"`，或另存为 UTF-8',
    'write `encoding = "utf-16"` under `[reading]` in the product file, or save it as UTF-8',
)
