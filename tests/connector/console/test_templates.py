"""Templates hold no words of their own, and every word that they say is there in both languages."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from jinja2 import Environment, nodes

from connector.compose import hub, participant
from connector.console import account_words, entrance_words, words
from connector.console.house import MOST_ITEMS
from connector.console.render import folder_of
from crypto.words import Words

if TYPE_CHECKING:
    from connector.console.page import Page

ROOT = Path(__file__).resolve().parents[3]
SHELL = ROOT / "connector"
# the report of the demonstration is no page: one file, both languages
TEMPLATES = [path for path in sorted(SHELL.rglob("*.html")) if SHELL / "demo" not in path.parents]
AREAS = {"participant": participant.AREAS, "hub": hub.AREAS}
PAGES: dict[str, Page] = {
    page.name: page for areas in AREAS.values() for area in areas for page in area.pages
}
OWN = {
    "error.html": words,
    "sign-in.html": entrance_words,
    "invitation.html": entrance_words,
    "account.html": account_words,
    "factor.html": account_words,
    "help.html": account_words,
}
TAG = re.compile(r"<(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>|<!--.*?-->", re.DOTALL)
LETTERS = re.compile(r"[^\W\d_]{2,}")
# keys of a keyboard and commands are the same in any language
SAME = re.compile(r"<(kbd|code)[^>]*>[^<{]*</\1>")
SPOKEN_ATTRIBUTES = re.compile(r"\b(?:title|alt|placeholder|aria-label)=\"([^\"]*)\"")
ENVIRONMENT = Environment(autoescape=True)


def parsed(path: Path) -> nodes.Template:
    return ENVIRONMENT.parse(path.read_text(encoding="utf-8"))


def plain(path: Path) -> str:
    """The template with each expression gone."""
    text = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    return re.sub(r"\{\{.*?\}\}|\{%.*?%\}", "", text, flags=re.DOTALL)


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_a_template_holds_no_words(path: Path):
    text = SAME.sub("", plain(path))
    assert not LETTERS.findall(TAG.sub(" ", text))
    assert not [one for one in SPOKEN_ATTRIBUTES.findall(text) if LETTERS.search(one)]


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_a_template_marks_nothing_as_safe_and_styles_nothing(path: Path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\|\s*safe\b|autoescape|\bstyle=|<style|javascript:|\son\w+=", text)
    assert not [one for one in re.findall(r"<script[^>]*>", text) if "src=" not in one]
    assert not re.search(r"=\{\{", text), "an attribute without quotes"
    assert not re.search(r"(?:href|src|action)=\"(?:https?:)?//", text), "another site"


def said_by(path: Path, name: str) -> list[tuple[str, frozenset[str] | None]]:
    """What a template says of `w` or `c`: the word, and the facts that it gives it."""
    tree = parsed(path)
    calls = {
        id(call.node): frozenset(one.key for one in call.kwargs)
        for call in tree.find_all(nodes.Call)
    }
    return [
        (one.attr, calls.get(id(one)))
        for one in tree.find_all(nodes.Getattr)
        if isinstance(one.node, nodes.Name) and one.node.name == name
    ]


def lacking(path: Path, name: str, source: object) -> list[str]:
    found = []
    for word, facts in said_by(path, name):
        words_ = getattr(source, word.upper(), None)
        if not isinstance(words_, Words):
            found.append(f"{name}.{word} is none")
        elif facts is not None and facts != words_.places:
            found.append(f"{name}.{word} needs {sorted(words_.places)}, gets {sorted(facts)}")
    return found


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_shared_words_are_there(path: Path):
    assert not lacking(path, "c", words)


@pytest.mark.parametrize("name", sorted(PAGES))
def test_the_words_of_a_page_are_there(name: str):
    page = PAGES[name]
    area, file = page.template.split("/")
    path = folder_of(area) / file
    assert path.is_file()
    assert not lacking(path, "w", page.words)


@pytest.mark.parametrize("file", sorted(OWN))
def test_the_words_of_the_consoles_own_pages_are_there(file: str):
    assert not lacking(folder_of("console") / file, "w", OWN[file])


def spoken_by() -> dict[str, list[Words]]:
    sources = {
        **{f"console {n}": s for n, s in OWN.items()},
        **{n: p.words for n, p in PAGES.items()},
    }
    return {
        name: [value for value in vars(source).values() if isinstance(value, Words)]
        for name, source in sources.items()
    }


def test_words_of_pages_are_said_in_both_languages():
    """Chinese has Chinese in it, but for the names of languages; both need the same facts."""
    han = re.compile(r"[\u4e00-\u9fff]")
    for name, said in spoken_by().items():
        for one in said:
            if one is words.OTHER_LANGUAGE:
                continue
            assert one.en, name
            assert han.search(one.zh), (name, one.zh)
            assert not han.search(one.en), (name, one.en)
            assert Words(one.zh, one.zh).places == Words(one.en, one.en).places, (name, one)


@pytest.mark.parametrize("who", sorted(AREAS))
def test_pages_and_forms_are_declared_whole(who: str):
    """Names and paths are one page's; each form does a declared operation, and somebody may."""
    areas = AREAS[who]
    pages = [page for area in areas for page in area.pages]
    operations = {operation for area in areas for operation in area.operations}
    mine = {"participant": {"steward", "cdo", "security", "auditor"},
            "hub": {"certifier", "security", "auditor"}}[who]  # fmt: skip
    for key in ("name", "path", "endpoint"):
        found = [getattr(page, key) for page in pages]
        assert len(set(found)) == len(found), key
    for page in pages:
        assert page.may
        assert page.may & mine, page.name
        assert re.fullmatch(r"[a-z_]+\.[a-z_]+", page.name)
        names = [form.name for form in page.forms]
        assert len(set(names)) == len(names)
        for form in page.forms:
            assert form.operation in operations, (page.name, form.name)
            assert form.operation.may & page.may, (page.name, form.name)
            assert re.fullmatch(r"[a-z_]+", form.name)
    for role in mine:
        rail = [page for page in pages if page.in_rail(frozenset({role}))]
        assert len(rail) <= MOST_ITEMS, role
        assert all("{" not in page.path for page in rail)
