"""A process that is told to stop stops, at whatever point of the interpreter it is told."""

from __future__ import annotations

import ctypes
import os
import signal
import threading

import pytest

from connector.process.signals import STOPS, until_stopped
from tests.waiting import PATIENCE


@pytest.mark.parametrize("number", STOPS)
def test_a_signal_that_came_before_is_not_missed(number: int):
    former = signal.getsignal(number)
    with until_stopped() as wait:
        os.kill(os.getpid(), number)
        wait()
    assert signal.getsignal(number) is former


def test_another_signal_does_not_end_the_wait():
    former = signal.signal(signal.SIGUSR1, lambda *_: None)
    woken = threading.Event()
    try:
        with until_stopped() as wait:
            waiting = threading.Thread(target=lambda: (wait(), woken.set()), daemon=True)
            waiting.start()
            os.kill(os.getpid(), signal.SIGUSR1)
            assert not woken.wait(0.2)
            os.kill(os.getpid(), signal.SIGTERM)
            assert woken.wait(PATIENCE)
            waiting.join()
    finally:
        signal.signal(signal.SIGUSR1, former)


def test_the_interpreter_need_not_run_the_handler():
    """The main thread sleeps in a C lock that no signal interrupts, as in the gap before a wait."""
    libc = ctypes.CDLL(None)
    mutex = ctypes.create_string_buffer(64)
    woken = threading.Event()
    seen = []

    def tell() -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        threading.Thread(target=lambda: (wait(), woken.set()), daemon=True).start()
        seen.append(woken.wait(PATIENCE))
        libc.pthread_mutex_unlock(mutex)

    with until_stopped() as wait:
        libc.pthread_mutex_lock(mutex)
        telling = threading.Thread(target=tell)
        telling.start()
        libc.pthread_mutex_lock(mutex)  # until the other thread lets go
        telling.join()
    assert seen == [True]
