"""What the system says of a file or a port, in Chinese, too: for places in words of ours."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING, Final

from crypto.words import verbatim

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crypto.words import Words

_CHINESE: Final[Mapping[int, str]] = {
    errno.ENOENT: "不存在",
    errno.EACCES: "没有权限",
    errno.EPERM: "不允许此操作",
    errno.EISDIR: "是文件夹",
    errno.ENOTDIR: "不是文件夹",
    errno.EEXIST: "已存在",
    errno.EROFS: "文件系统只读",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "超出配额",
    errno.EFBIG: "文件过大",
    errno.EIO: "读写错误",
    errno.ENAMETOOLONG: "名称过长",
    errno.ELOOP: "符号链接循环",
    errno.EADDRINUSE: "已被占用",
    errno.EADDRNOTAVAIL: "本机没有该地址",
}


def system_words(error: OSError) -> Words:
    """Give what the system said: in English its own words, in Chinese ours where there are some."""
    said = error.strerror or type(error).__name__
    return verbatim(_CHINESE.get(error.errno or 0, said), said)
