"""A firm that takes its time keeps nobody else's pages: few wait for it, and none for long."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from connector.compose.pages.asking_now import AskingNow
from connector.compose.pages.away import PLACES, Away
from connector.process.errors import RemoteError
from tests.connector.console.test_workbench import ONE, ask, firms  # noqa: F401 -- a fixture
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from connector.party.node import Node
    from tests.simulators import Net


class Slow:
    """A provider that answers when it is let."""

    def __init__(self, net: Net, url: str) -> None:
        self.let = threading.Event()

        def wait(_method: str, called: str, _sent: bytes) -> None:
            if called.startswith(url):
                assert self.let.wait(60)

        net.fault = wait


@pytest.fixture
def started(firms) -> Iterator[Node]:  # noqa: F811
    node = firms[0].consumer.node
    now = node.services[AskingNow]
    now.quick.start()
    yield node
    now.quick.stop()


@pytest.mark.long
def test_a_question_is_asked_without_waiting_for_long(firms, started, net):  # noqa: F811
    """Its page says that it is under way, and has the answer when it came; it is asked once."""
    market, _, browser = firms
    agreement = market.agreement()
    browser.enter("steward")
    browser.get(f"/questions/new?agreement={agreement}")  # what the product is, is known a minute
    slow = Slow(net, market.provider.url)
    try:
        done = ask(browser, agreement, ONE)
        assert done.status_code == 303, done.get_data(as_text=True)
        waiting = browser.get(done.location)
        assert "Under way" in waiting.get_data(as_text=True)
        assert waiting.headers["Refresh"]
    finally:
        slow.let.set()
    question = done.location.rsplit("/", 1)[1]
    until(lambda: not started.services[AskingNow].running(question))
    page = browser.get(done.location)
    assert "exact figures" in page.get_data(as_text=True)
    assert "Refresh" not in page.headers


@pytest.mark.long
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_check_is_looked_at_again(firms, started, net, language):  # noqa: F811
    market, _, browser = firms
    agreement = market.agreement()
    browser.enter("steward", language)
    browser.get(f"/questions/new?agreement={agreement}")
    slow = Slow(net, market.provider.url)
    try:
        done = ask(browser, agreement, ONE, _form="check")
        assert done.status_code == 303, done.get_data(as_text=True)
        page = browser.get(done.location).get_data(as_text=True)
        assert ("还没有答复这次检查" if language == "zh" else "not answered this check yet") in page
    finally:
        slow.let.set()
    granted = "会获准" if language == "zh" else "would be granted"
    until(lambda: granted in browser.get(done.location).get_data(as_text=True))


@pytest.mark.long
def test_half_of_the_console_waits_for_others(firms):  # noqa: F811
    """One more page does not wait: it says so, keeps its address, and is drawn later."""
    market, _, browser = firms
    browser.enter("steward")
    away = market.consumer.node.services[Away]
    path = f"/catalogue/{market.provider.did}"
    with away.place(), away.place():
        assert PLACES == 2
        with pytest.raises(RemoteError), away.place():
            pass
        page = browser.get(path)
        assert page.status_code == 200
        assert "other pages wait for other connectors" in page.get_data(as_text=True)
    assert "pages-waiting" not in browser.get(path).get_data(as_text=True)
