"""The `Link` header, as RFC 8288 has it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts import links
from contracts.errors import MalformedMessageError


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("", None),
        (" , ,", None),
        ("<a>", None),
        ("<a>; rel=next", "a"),
        ('<a> ; rel = "next"', "a"),
        ('<a>;title="x";REL=Next', "a"),
        ('<a>; title="rel=\\"next\\"", <b>; rel=next', "b"),
        ('<a>; title="x, <c>; rel=next", <b>; rel="up next"', "b"),
        ("<a>; rel=previous; rel=next", None),
        ("<a>; rel=nextish, <b>; rel=xnext", None),
        ("<a>; rel=next; anchor=x", None),
        ("<a>; rel=next, <b>; rel=next", "a"),
        ("<>; rel=next", ""),
        ("<a>; rel=next;", "a"),
        ("<a>;;rel=next", "a"),
        ("<a>; flag; rel=next", "a"),
    ],
)
def test_the_first_target_of_a_relation_is_found(header: str, found: str | None):
    """Parameters in any order and case, quoted or not; commas and brackets in texts are texts."""
    assert links.target(header, "next") == found


@pytest.mark.parametrize(
    "header",
    ["next", "<a", "<a>; rel=next <b>; rel=up", '<a>; title="open', "<a>x", "a" * 9000],
)  # fmt: skip
def test_what_is_no_list_of_links_is_an_error(header: str):
    """It is not taken for the last page."""
    with pytest.raises(MalformedMessageError):
        links.target(header, "next")


NAMES = st.from_regex(r"[a-z]{1,8}", fullmatch=True)
TEXTS = st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126), max_size=12)


@given(st.lists(st.tuples(NAMES, st.lists(st.tuples(NAMES, TEXTS), max_size=3), NAMES), max_size=4))
def test_links_read_back_as_they_were_written(written: list):
    """Whatever stands in the other parameters."""
    header = ", ".join(
        f"</{target}>"
        + "".join(
            f'; {name}x="' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
            for name, text in more
        )
        + f"; rel={relation}"
        for target, more, relation in written
    )
    for _, _, relation in written:
        first = next(target for target, _, said in written if said == relation)
        assert links.target(header, relation) == f"/{first}"


@given(st.text(alphabet="<>;,=\"\\ relnxt*'é\t", max_size=40))
def test_any_header_is_links_or_one_error(text: str):
    """Nothing else comes out."""
    try:
        links.target(text, "next")
    except MalformedMessageError as error:
        assert error.code == "message.link-malformed"  # noqa: PT017 -- both ends are right
