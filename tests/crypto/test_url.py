"""Addresses that others wrote."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.errors import MalformedError
from crypto.url import Url, is_loopback_name, read_url, resolve

BAD = [
    "",
    "a.example",
    "//a.example/",
    "https:///x",
    "https://",
    "ftp://a.example/",
    "file:///etc/passwd",
    "http://[::1/",
    "http://::1/",
    "http://[::1]x/",
    "http://[fe80::1%25eth0]/",
    "http://[v1.a]/",
    "http://a.example:99999/",
    "http://a.example:65536/",
    "http://a.example:0/",
    "http://a.example:abc/",
    "http://a.example:-1/",
    "http://a.example:+80/",
    "http://a.example:٨٠/",
    "http://a.example:80:80/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://127.1/",
    "http://0177.0.0.1/",
    "http://1.2.3.256/",
    "http://user@a.example/",
    "http://user:pass@a.example/",
    "http://@a.example/",
    "http://a%2eexample/",
    "http://a.example\\@b.example/",
    "http://a.example/\\",
    "http://a.example/\r\nHost: b",
    "http://a.example/\x00",
    "http://a.example/\x7f",
    "http://a.example /",
    " http://a.example/",
    "http://müller.example/",
    "http://ａ.example/",
    "http://a..example/",
    "http://-a.example/",
    "http://a_b.example/",
    "http://" + "a" * 64 + ".example/",
    "http://a.example/" + "x" * 2048,
]


@pytest.mark.parametrize("text", BAD)
def test_what_two_readers_could_read_differently_is_one_error(text: str):
    """Ports, hosts, user information, escapes, controls: our own error, whatever a library says."""
    with pytest.raises(MalformedError) as caught:
        read_url(text)
    assert caught.value.code == "url-malformed"
    assert "pass" not in caught.value.message.replace("passwd", "")


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://a.example", Url("https", "a.example", 443, "/")),
        ("HTTPS://A.Example:443/X?y=1", Url("https", "a.example", 443, "/X", "y=1")),
        ("http://a.example:8080/x/?", Url("http", "a.example", 8080, "/x/", "")),
        ("http://a.example:/#f", Url("http", "a.example", 80, "/", None, "f")),
        ("https://a.example?x/y?z", Url("https", "a.example", 443, "/", "x/y?z")),
        ("http://[::1]:9/x", Url("http", "::1", 9, "/x")),
        ("http://[0:0::0:1]/", Url("http", "::1", 80, "/")),
        ("http://127.0.0.1:9", Url("http", "127.0.0.1", 9, "/")),
        ("https://xn--mller-kva.example/", Url("https", "xn--mller-kva.example", 443, "/")),
        ("https://a.example./%2F..", Url("https", "a.example.", 443, "/%2F..")),
    ],
)
def test_a_url_is_read_into_its_parts(text: str, url: Url):
    """Scheme and host in lower case, the port said, escapes kept."""
    assert read_url(text) == url


@pytest.mark.parametrize(
    ("name", "local"),
    [
        ("localhost", True),
        ("LOCALHOST.", True),
        ("a.b.localhost", True),
        ("localhost.example", False),
        ("notlocalhost", False),
    ],
)
def test_localhost_and_what_is_under_it_is_this_machine(name: str, local: bool):
    """By definition (RFC 6761), not because something resolves it so."""
    assert is_loopback_name(name) is local
    assert read_url(f"http://{name}:80/").local is local


PARTS = st.builds(
    Url,
    scheme=st.sampled_from(["http", "https"]),
    host=st.one_of(
        st.from_regex(r"[a-z](?:[a-z0-9-]{0,9}[a-z0-9])?(?:\.[a-z][a-z0-9]{0,5}){0,3}", fullmatch=True),
        st.ip_addresses(v=4).map(str),
        st.ip_addresses(v=6).map(lambda address: address.compressed),
    ),
    port=st.integers(1, 65535),
    path=st.from_regex(r"/[!-\"$->@-\[\]-~]{0,20}", fullmatch=True),
    query=st.none() | st.from_regex(r"[!-\"$-\[\]-~]{0,20}", fullmatch=True),
    fragment=st.none() | st.from_regex(r"[!-\[\]-~]{0,20}", fullmatch=True),
)  # fmt: skip


@given(PARTS)
def test_a_url_reads_back_as_it_was_written(url: Url):
    """The normal form is a form that is read."""
    assert read_url(str(url)) == url


NASTY = st.text(alphabet="htps:/[]@%#?\\.:0123456789xa-é\t\r\n ٣", max_size=30)


@given(st.text(max_size=60) | NASTY, st.sampled_from(["", "http://", "https://", "http://[", "//"]))
def test_any_text_is_a_url_or_one_error(text: str, before: str):
    """What comes out reads back as the same, and holds nothing that two readers read in two ways."""
    try:
        found = read_url(before + text)
    except MalformedError:
        return
    assert read_url(str(found)) == found
    assert 1 <= found.port <= 65535
    assert not set(str(found)) & set("@\\ \r\n\t") - set(found.target + (found.fragment or ""))


@pytest.mark.parametrize(
    ("reference", "whole"),
    [
        ("?page=2", "https://a.example/dsp/catalog/request?page=2"),
        ("request?page=2", "https://a.example/dsp/catalog/request?page=2"),
        ("/x", "https://a.example/x"),
        ("../x", "https://a.example/dsp/x"),
        ("//b.example/x", "https://b.example/x"),
        ("http://b.example:1/x", "http://b.example:1/x"),
        ("", "https://a.example/dsp/catalog/request?page=1"),
    ],
)
def test_a_reference_is_read_where_it_stood(reference: str, whole: str):
    """RFC 3986 §5, over the page that it stood on."""
    base = read_url("https://a.example/dsp/catalog/request?page=1")
    assert str(resolve(base, reference)) == whole


@given(st.text(max_size=40) | NASTY)
def test_any_reference_is_a_url_or_one_error(text: str):
    """A library's own error for brackets or characters does not come out."""
    try:
        resolve(read_url("https://a.example/x"), text)
    except MalformedError as error:
        assert error.code == "url-malformed"  # noqa: PT017 -- both ends are right
