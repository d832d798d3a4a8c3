"""What is asked of every page: accessible, from one origin, by keyboard alone, not too wide.

Each of these gives what is wrong as lines to read; nothing wrong is an empty list.
"""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from playwright.sync_api import ConsoleMessage, Page, Request

AXE: Final = Path(__file__).with_name("vendor") / "axe.min.js"
TAGS: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
INSIDE: Final = ("data", "blob", "about")  # what never leaves the browser
_RUN: Final = """
async ({type, values}) => {
  const {violations, incomplete} = await axe.run(document, {
    runOnly: {type, values},
    resultTypes: ["violations", "incomplete"],
  });
  return {violations, incomplete: incomplete.map((one) => one.id)};
}
"""


def axe(page: Page, *, rules: Sequence[str] = ()) -> list[str]:
    """Run axe-core over a page: a line for each violation of WCAG 2.0 to 2.2, A and AA.

    With `rules` only by these: what a page's colours are is all that differs between its themes.

    It comes in by evaluation, so that the page's own policy stays as it is.
    """
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE.read_text(encoding="utf-8") + "\n;undefined")
    only = {"type": "rule", "values": list(rules)} if rules else {"type": "tag", "values": TAGS}
    found = page.evaluate(_RUN, only)["violations"]
    return [_violation(page, one, node) for one in found for node in one["nodes"]]


def _violation(page: Page, one: dict[str, Any], node: dict[str, Any]) -> str:
    where = " ".join(str(part) for part in node["target"])
    why = " ".join((node.get("failureSummary") or "").split())
    return f"{urlsplit(page.url).path}: {one['id']} at {where}: {why} {node['html'][:160]}"


@contextmanager
def no_foreign_requests(page: Page, origin: str) -> Iterator[list[str]]:
    """Fail when anything that is asked for meanwhile is not of an origin ``http://host:port``.

    Args:
        page: whose window is watched, its other pages, frames and workers included.
        origin: the console's.
    """
    foreign: list[str] = []

    def see(request: Request) -> None:
        parts = urlsplit(request.url)
        same = f"{parts.scheme}://{parts.netloc}" == origin
        if not same and parts.scheme not in INSIDE:
            foreign.append(f"{request.method} {request.url}")

    page.context.on("request", see)
    try:
        yield foreign
    finally:
        page.context.remove_listener("request", see)
    assert not foreign, f"requests that leave {origin}: {foreign}"


@contextmanager
def quiet(page: Page) -> Iterator[list[str]]:
    """Fail when a page's scripts fail meanwhile, or its policy refused something."""
    said: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            said.append(message.text)

    def fail(error: object) -> None:
        said.append(str(error))

    page.on("console", hear)
    page.on("pageerror", fail)
    try:
        yield said
    finally:
        page.remove_listener("console", hear)
        page.remove_listener("pageerror", fail)
    assert not said, said


_FOCUSED: Final = """
() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const style = getComputedStyle(one), box = one.getBoundingClientRect();
  const label = one.labels?.[0]?.textContent;
  return {
    tag: one.tagName.toLowerCase(),
    name: (one.getAttribute("aria-label") || label || one.textContent || one.name || "").trim(),
    shown: box.width > 0 && box.height > 0,
    ring: style.outlineStyle !== "none" || style.boxShadow !== "none",
  };
}
"""


def focused(page: Page) -> dict[str, Any] | None:
    """Say what has the focus: tag, name, whether it is shown and has a ring; None: nothing."""
    return page.evaluate(_FOCUSED)


def tab_to(page: Page, name: str, *, most: int = 200, begins: bool = False) -> dict[str, Any]:
    """Press Tab until what is named, or begins so, has the focus, as one does without a mouse."""
    passed: list[str] = []
    for _ in range(most):
        page.keyboard.press("Tab")
        if (found := focused(page)) is None:
            continue
        passed.append(f"{found['tag']} {found['name'][:40]}")
        if found["name"] == name or (begins and found["name"].startswith(name)):
            return found
    raise AssertionError(f"no `{name}` by Tab; there are {passed}")


def unfocused_rings(page: Page, *, most: int = 200) -> list[str]:
    """Tab through a page once: what takes the focus and does not show it."""
    page.evaluate("document.activeElement?.blur()")
    wrong: list[str] = []
    for _ in range(most):
        page.keyboard.press("Tab")
        if (found := focused(page)) is None:
            break
        if not (found["shown"] and found["ring"]):
            wrong.append(f"{found['tag']} {found['name'][:60]}")
    return wrong


_WIDEST: Final = """
() => {
  const all = [...document.querySelectorAll("body *")].filter((one) => !one.closest(".scroll *"));
  const right = (one) => one.getBoundingClientRect().right;
  return all.reduce((a, b) => (right(b) >= right(a) ? b : a)).outerHTML.slice(0, 160);
}
"""


def too_wide(page: Page) -> list[str]:
    """Say what makes a page scroll sideways: at 360 px only tables may, inside their own box."""
    width = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    if width <= 0:
        return []
    widest = page.evaluate(_WIDEST)
    return [f"{urlsplit(page.url).path}: {width} px wider than the window: {widest}"]


_CUT: Final = """
() => [...document.querySelectorAll("main select")].filter((one) => {
  const pen = document.createElement("canvas").getContext("2d");
  const style = getComputedStyle(one);
  pen.font = style.font;
  const longest = Math.max(...[...one.options].map((o) => pen.measureText(o.textContent).width));
  const room = one.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
  return longest > room && one.offsetWidth < one.parentElement.clientWidth;
}).map((one) => one.name)
"""


def cut(page: Page) -> list[str]:
    """Name the boxes of choices that cut a text although there is room beside them."""
    path = urlsplit(page.url).path
    return [f"{path}: the choices of {name} are cut" for name in page.evaluate(_CUT)]
