"""Which addresses are never called (security.md §1, SSRF), without a socket."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.http.addresses import check, is_public
from connector.process.errors import EgressRefused, Unreachable, VoileError

PUBLIC = "93.184.216.34"


def resolver(*addresses: str):
    return lambda _host, _port: addresses


@pytest.mark.parametrize(
    "url",
    [
        "http://a.example/x",  # not https
        "https://127.0.0.1/",
        "https://localhost/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://0.0.0.0/",
        "https://2130706433/",  # decimal 127.0.0.1
        "https://0x7f000001/",
        "https://0x7f.0.0.1/",
        "https://127.1/",
        "https://a.1/",
        "https://user@a.example/",
        "https://user:pass@a.example/",
        "https://a.example@b.example/",
        "https://a.example%2f@b.example/",
        "https://a%2eexample/",
        "https://a.example\\@b.example/",
        "https://a.example#@b.example/",
        "https://a.example/\r\nHost: b",
        "https://a.example /",
        "https://ａ.example/",
        "https://a.example:0x50/",
        "https://a.example:99999/",
        "https://-a.example/",
        "https://single/",
        "ftp://a.example/",
        "file:///etc/passwd",
        "gopher://a.example/",
        "//a.example/",
        "https:///x",
        "https://",
        "",
        "https://a.example/" + "x" * 3000,
    ],
)
@pytest.mark.parametrize("loopback", [False, True])
def test_urls_that_are_never_called(url: str, loopback: bool):
    """Refused by their text alone, whatever their host resolves to, also under the test setting."""
    with pytest.raises(EgressRefused):
        check(url, loopback_http=loopback, resolver=resolver(PUBLIC))


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.255.0.1", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1",
        "169.254.169.254", "100.64.0.1", "192.0.0.1", "198.18.0.1", "224.0.0.1", "240.0.0.1",
        "255.255.255.255", "::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1",
        "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::", "2001:0:7f00:1::", "fec0::1",
        "fe80::1", "fe80::1%eth0", "fc00::1", "fd00::1", "ff02::1", "2001:db8::1",
    ],
)  # fmt: skip
def test_a_name_with_any_such_address_is_not_called(address: str):
    """One bad address among good ones is enough: a rebinding answer gets no connection."""
    for answer in ((address,), (PUBLIC, address), (address, PUBLIC)):
        with pytest.raises(EgressRefused):
            check("https://a.example/", loopback_http=True, resolver=resolver(*answer))


def test_public_addresses_are_called_as_they_were_resolved():
    """The checked addresses are the ones that are connected to."""
    asked = []

    def once(host: str, port: int):
        asked.append((host, port))
        return [PUBLIC, "2606:2800:220:1:248:1893:25c8:1946"]

    target = check("https://A.example:8443/x?y=1", loopback_http=False, resolver=once)
    assert asked == [("a.example", 8443)]
    assert target.addresses[0] == PUBLIC
    assert target.path == "/x?y=1"
    assert target.authority == "a.example:8443"


def nobody(host: str, _port: int) -> tuple[str, ...]:
    """A machine without a line for localhost: the resolver knows no name."""
    raise OSError(f"no such host {host}")


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST", "acme.localhost", "a.b.localhost."])
@pytest.mark.parametrize(
    "answers", [nobody, resolver(PUBLIC), resolver("10.0.0.1"), resolver("::1")]
)
def test_localhost_is_this_machine_whatever_a_resolver_says(host: str, answers):
    """By definition (RFC 6761): nobody is asked, and nothing but loopback is connected to."""
    found = check(f"http://{host}:9000/acme", loopback_http=True, resolver=answers)
    assert found.addresses == ("127.0.0.1", "::1")
    assert found.authority == f"{host.lower()}:9000"


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]"])
def test_a_loopback_address_is_that_address(host: str):
    """It needs no resolver either."""
    found = check(f"http://{host}:9000/", loopback_http=True, resolver=nobody)
    assert found.addresses == (host.strip("[]"),)


@pytest.mark.parametrize("host", ["localhost", "acme.localhost", "127.0.0.1", "[::1]"])
def test_loopback_needs_the_setting(host: str):
    """Http to this machine is called only under the setting, and https to it never."""
    for url, setting in ((f"http://{host}/", False), (f"https://{host}/", True)):
        with pytest.raises(EgressRefused):
            check(url, loopback_http=setting, resolver=resolver("127.0.0.1"))


def test_a_name_that_does_not_resolve_is_unreachable_not_refused():
    """The two are told apart: the first is tried again."""

    def fails(_host: str, _port: int):
        raise OSError("no such host")

    for answer in (fails, resolver()):
        with pytest.raises(Unreachable):
            check("https://a.example/", loopback_http=False, resolver=answer)


@given(st.ip_addresses(v=4))
def test_a_mapped_address_is_judged_as_the_one_inside(address: ipaddress.IPv4Address):
    """::ffff:a.b.c.d is public exactly when a.b.c.d is."""
    mapped = ipaddress.IPv6Address(b"\0" * 10 + b"\xff\xff" + address.packed)
    assert is_public(mapped) == is_public(address)


@given(st.text(max_size=60), st.booleans())
def test_any_text_gives_a_target_or_one_error(text: str, loopback: bool):
    """No text makes the check crash, and none but https names gets through."""
    try:
        target = check("https://" + text, loopback_http=loopback, resolver=resolver(PUBLIC))
    except VoileError:
        return
    assert target.scheme == "https"
    assert target.host.count(".") >= 1


@pytest.mark.parametrize(
    "url", ["https://me:canary@x.example/in", "http://x.example/in?key=canary#canary"]
)
def test_a_refusal_does_not_say_what_opens_something(url: str):
    """User information and query may be secrets, and a refusal is shown and logged."""
    with pytest.raises(EgressRefused) as caught:
        check(url, loopback_http=False, resolver=resolver(PUBLIC))
    assert "canary" not in caught.value.message
    assert "x.example/in" in caught.value.message
