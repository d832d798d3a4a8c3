"""How far away a deadline is, in words."""

from __future__ import annotations

import pytest

from connector.console.ahead import DAY, HOUR, MINUTE, ahead


@pytest.mark.parametrize(
    ("away", "zh", "en"),
    [
        (3 * DAY, "3 天后", "in 3 days"),
        (2 * DAY - 1, "1 天后", "in 1 day"),
        (DAY - 1, "23 小时后", "in 23 hours"),
        (HOUR, "1 小时后", "in 1 hour"),
        (59 * MINUTE, "59 分钟后", "in 59 minutes"),
        (MINUTE, "1 分钟后", "in 1 minute"),
        (0, "不到一分钟后", "in less than a minute"),
        (-1, "刚刚", "less than a minute ago"),
        (-MINUTE, "1 分钟前", "1 minute ago"),
        (-5 * HOUR, "5 小时前", "5 hours ago"),
        (-DAY, "1 天前", "1 day ago"),
        (-1_500 * DAY, "1,500 天前", "1,500 days ago"),
    ],
)
def test_the_largest_unit_of_which_there_is_a_whole_one(away: int, zh: str, en: str):
    now = 1_800_000_000_000
    said = ahead(now + away, now)
    assert (said.said("zh"), said.said("en")) == (zh, en)
