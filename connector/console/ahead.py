"""How far away a time is, as people say it: beside each deadline."""

from __future__ import annotations

from typing import Final

from crypto.words import Spoken, Words

MINUTE: Final = 60_000
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR

SOON: Final = Words("不到一分钟后", "in less than a minute")
JUST_NOW: Final = Words("刚刚", "less than a minute ago")
IN_ONE_DAY: Final = Words("1 天后", "in 1 day")
IN_DAYS: Final = Words("{count} 天后", "in {count} days")
IN_ONE_HOUR: Final = Words("1 小时后", "in 1 hour")
IN_HOURS: Final = Words("{count} 小时后", "in {count} hours")
IN_ONE_MINUTE: Final = Words("1 分钟后", "in 1 minute")
IN_MINUTES: Final = Words("{count} 分钟后", "in {count} minutes")
ONE_DAY_AGO: Final = Words("1 天前", "1 day ago")
DAYS_AGO: Final = Words("{count} 天前", "{count} days ago")
ONE_HOUR_AGO: Final = Words("1 小时前", "1 hour ago")
HOURS_AGO: Final = Words("{count} 小时前", "{count} hours ago")
ONE_MINUTE_AGO: Final = Words("1 分钟前", "1 minute ago")
MINUTES_AGO: Final = Words("{count} 分钟前", "{count} minutes ago")

_UNITS: Final = (
    (DAY, IN_ONE_DAY, IN_DAYS, ONE_DAY_AGO, DAYS_AGO),
    (HOUR, IN_ONE_HOUR, IN_HOURS, ONE_HOUR_AGO, HOURS_AGO),
    (MINUTE, IN_ONE_MINUTE, IN_MINUTES, ONE_MINUTE_AGO, MINUTES_AGO),
)


def ahead(ms: int, now: int) -> Spoken:
    """Say how far away a time is, in the largest unit of which there is a whole one.

    Args:
        ms: the time, milliseconds since 1970.
        now: the present.
    """
    away = abs(ms - now)
    for unit, one, several, one_ago, several_ago in _UNITS:
        count = away // unit
        if count == 1:
            return one if ms >= now else one_ago
        if count:
            return (several if ms >= now else several_ago).of(count=f"{count:,}")
    return SOON if ms >= now else JUST_NOW
