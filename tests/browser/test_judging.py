"""The judges of words, structure and weight: each can fail, and a good page passes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.judging import MOST_BYTES, read, structure, too_heavy, wrong_words
from tests.browser.site import served

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import BrowserContext, Page

HEAD = '<!doctype html><html lang="{lang}"><meta charset="utf-8"><title>x</title><main id="main">'
GOOD = {
    "en": "<h1>Products</h1><h2>All</h2><label>Name <input></label><p>two <bdi>桤木</bdi></p>"
    '<p lang="zh-CN">一份合约</p><code>offer.missing</code>',
    "zh": "<h1>产品</h1><h2>全部</h2><label>名称 <input></label><p>导出 CSV</p><p>CSV</p>"
    "<p><bdi>Alder Ltd</bdi></p>",
}
BAD = {
    "a key": "<h1>Products</h1><p>offer.missing</p>",
    "Chinese": "<h1>产品</h1>",
    "not Chinese": "<h1>产品</h1><p>nothing here</p>",
    "not one h1": "<h2>x</h2>",
    "h3 after h1": "<h1>x</h1><h3>y</h3>",
    "no label": "<h1>x</h1><input>",
    "id twice": "<h1>x</h1><p id=a></p><p id=a></p>",
    "inline": "<h1>x</h1><p onclick='x()'>y</p>",
}


@pytest.fixture
def shown(page: Page) -> Callable[[str, str], Page]:
    def show(body: str, language: str = "en") -> Page:
        lang = "zh-CN" if language == "zh" else "en"
        with served(lambda _path: (HEAD.format(lang=lang) + body).encode()) as origin:
            page.goto(origin)
        return page

    return show


@pytest.mark.long
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_good_page_passes(shown, language: str):
    page = shown(GOOD[language] + f"<p hidden>{'x' * 1000}</p>", language)
    assert structure(page) == []
    assert wrong_words(page, language) == []
    assert too_heavy(page) == []


@pytest.mark.sweep
@pytest.mark.parametrize("fault", BAD)
def test_each_fault_is_found(shown, fault: str):
    language = "zh" if fault == "not Chinese" else "en"
    page = shown(BAD[fault], language)
    told = "\n".join([*structure(page), *wrong_words(page, language)])
    assert fault in told


def test_a_page_may_weigh_so_much(shown):
    assert len(too_heavy(shown(f"<h1>x</h1><p>{'x' * MOST_BYTES}</p>"))) == 1


def test_what_scripts_add_is_left_out(page: Page, window: Callable[..., BrowserContext], shown):
    assert read(shown("<h1>x</h1> <p>a\n b<button class=copy>Copy</button></p>")) == "x a b"
