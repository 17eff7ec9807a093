"""Threads that ask at the same moment, for the tests of tokens of both connectors."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from crmsync.errors import AccessDenied
from crmsync.testing.proxy import Proxy, Reply, Seen, says

THREADS = 8
T = TypeVar("T")


def ask_together(ask: Callable[[], T]) -> list[T]:
    """What every thread is answered."""
    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(lambda _: ask(), range(THREADS)))


def meet_a_401_together(proxy: Proxy, path: str, body: Any, ask: Callable[[], T]) -> list[T]:
    """The same, where the old token is refused once every thread has sent with it."""
    together = threading.Barrier(THREADS)

    def expired(seen: Seen, forward: Any) -> Reply:
        together.wait(10)
        return says(401, body)(seen, forward)

    proxy.only, proxy.faults = path, [expired] * THREADS
    return ask_together(ask)


def are_denied_together(ask: Callable[[], object]) -> bool:
    """True if no thread is let in."""

    def denied() -> bool:
        try:
            ask()
        except AccessDenied:
            return True
        return False

    return all(ask_together(denied))
