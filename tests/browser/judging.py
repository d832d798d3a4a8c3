"""What is asked of a page beside axe: structure, words, weight; each judge gives what is wrong as lines.

All of them read the page that is open; none changes it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from tests.browser.chromium import DESK, PHONE
from tests.browser.looking import axe, cut, too_wide

if TYPE_CHECKING:
    from playwright.sync_api import Page

COLOURS: Final = ("color-contrast", "link-in-text-block")
MOST_BYTES: Final = 150_000  # of a page with all that it loads, not compressed
HAN: Final = re.compile(r"[\u3400-\u9fff]")
WORD: Final = re.compile(r"[A-Za-z]{2,}")
KEY: Final = re.compile(r"[a-z]+(?:[-_.][a-z0-9]+)+|[A-Z]+(?:_[A-Z0-9]+)+")
# names that are the same in both languages, by themselves in a line of a Chinese page
NAMES: Final = re.compile(
    r"\b(?:CSV|Excel|SQL|Python|JSON|TOML|HTTP|URL|API|DID|DSP|USCC|LEI|VAT|UTF|GB18030|TOTP|Voile"
    r"|English|ISO|GB|KB|MB|kB|[Ii]d|XLSX|CSP|SHA|AES|Parquet|WebCrypto|[ms]s)\b"
)
_TEXTS: Final = """
() => {
  const own = document.documentElement.lang;
  const skipped = "script,style,noscript,code,pre,kbd,bdi,time,textarea,svg,[hidden],[title]>.firm";
  const out = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const at = node.parentElement, text = node.data.trim();
    if (!text || at.closest(skipped)) continue;
    const spoken = at.closest("[lang]");
    if (spoken && spoken.lang !== own) continue;
    out.push({at: at.tagName.toLowerCase() + (at.className ? "." + at.className : ""), text});
  }
  for (const one of document.querySelectorAll("[aria-label],[placeholder],[alt]"))
    for (const name of ["aria-label", "placeholder", "alt"]) {
      const text = (one.getAttribute(name) || "").trim();
      if (text && !one.closest("svg")) out.push({at: name, text});
    }
  return out;
}
"""
_STRUCTURE: Final = """
() => {
  const wrong = [];
  const heads = [...document.querySelectorAll("h1,h2,h3,h4,h5,h6")].map((h) => [+h.tagName[1], h.textContent.trim()]);
  if (heads.filter(([level]) => level === 1).length !== 1) wrong.push("not one h1");
  heads.forEach(([level, text], i) => {
    if (!text) wrong.push(`an empty h${level}`);
    if (i && level > heads[i - 1][0] + 1) wrong.push(`h${level} after h${heads[i - 1][0]}: ${text.slice(0, 60)}`);
  });
  for (const one of document.querySelectorAll("input:not([type=hidden]),select,textarea")) {
    const said = one.getAttribute("aria-label") || [...(one.labels || [])].map((l) => l.textContent).join("");
    if (!said.trim()) wrong.push(`no label: ${one.outerHTML.slice(0, 120)}`);
  }
  const ids = new Set();
  for (const one of document.querySelectorAll("[id]")) {
    if (ids.has(one.id)) wrong.push(`id twice: ${one.id}`);
    ids.add(one.id);
  }
  for (const one of document.querySelectorAll("[style],[onclick],[onload],[onerror],[onfocus],style,script:not([src])"))
    wrong.push(`inline: ${one.outerHTML.slice(0, 120)}`);
  if (!document.querySelector("main#main").textContent.trim()) wrong.push("an empty page");
  for (const one of document.querySelectorAll("a:not([href]),a[href=''][download]")) wrong.push(`leads nowhere: ${one.outerHTML.slice(0, 120)}`);
  return wrong;
}
"""
_READ: Final = """
() => {
  const main = document.querySelector("main").cloneNode(true);
  for (const one of main.querySelectorAll(".copy,noscript,script")) one.remove();
  return main.textContent.split(/\\s+/).filter(Boolean).join(" ");
}
"""
_WEIGHT: Final = """
() => [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
  .map((one) => one.decodedBodySize).reduce((sum, one) => sum + one, 0)
"""


def judged(page: Page, language: str) -> list[str]:
    """All that is asked of a page, in both themes and at both widths."""
    wrong = [*structure(page), *wrong_words(page, language), *too_heavy(page), *cut(page)]
    wrong += axe(page)
    page.emulate_media(color_scheme="dark")
    wrong += [f"dark: {one}" for one in axe(page, rules=COLOURS)]
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    wrong += too_wide(page)
    page.set_viewport_size({"width": DESK[0], "height": DESK[1]})
    return wrong


def structure(page: Page) -> list[str]:
    """Headings in order, a label for each field, no id twice, nothing inline, something to read."""
    return [f"{_path(page)}: {one}" for one in page.evaluate(_STRUCTURE)]


def too_heavy(page: Page) -> list[str]:
    """Say how many bytes a page has with style, scripts and pictures, if they are too many."""
    size: int = page.evaluate(_WEIGHT)
    assert size > 1000, "the browser does not tell how much it read"
    return [f"{_path(page)}: {size} bytes"] if size > MOST_BYTES else []


def wrong_words(page: Page, language: str) -> list[str]:
    """Find lines of the other language, and keys and codes that stand where words should."""
    return [f"{_path(page)}: {one}" for one in _wrong_words(page.evaluate(_TEXTS), language)]


def _wrong_words(texts: list[dict[str, Any]], language: str) -> list[str]:
    wrong: list[str] = []
    for one in texts:
        text = one["text"]
        if KEY.fullmatch(text):
            wrong.append(f"a key: {one['at']}: {text}")
        elif language == "en" and HAN.search(text):
            wrong.append(f"Chinese: {one['at']}: {text[:80]}")
        elif language == "zh" and WORD.search(NAMES.sub("", text)) and not HAN.search(text):
            wrong.append(f"not Chinese: {one['at']}: {text[:80]}")
    return wrong


def read(page: Page) -> str:
    """Give all that the main part says, in one line, without what scripts add to it."""
    text: str = page.evaluate(_READ)
    return text


def _path(page: Page) -> str:
    return urlsplit(page.url).path
