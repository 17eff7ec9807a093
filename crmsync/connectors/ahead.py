"""Reads a page ahead: the next one is fetched and parsed in a thread while the present one is used.

One page more is in memory, the order stays, and an error is raised where its page would have come. Nobody but the
thread may use what the items come from until the last of them came, or the iterator is closed.
"""

from __future__ import annotations

import sys
from collections.abc import Generator, Iterator
from contextvars import copy_context
from queue import SimpleQueue
from threading import Thread
from typing import Any, TypeVar

T = TypeVar("T")
_PATIENCE_S = 5.0
"""How long a page that nobody wants any more is waited for; its thread ends when it has come."""
_SWITCHES_S = 0.0005
"""How long the other thread has the interpreter while one wants it. A page comes in pieces, and after each of them
the usual 5 ms would be waited for: with those a read ahead was slower than none (measured 2026-11)."""
_END: Any = object()


def ahead(items: Iterator[T]) -> Iterator[T]:
    """The items, each made in a thread before it is asked for; the thread is gone when they are."""
    asked: SimpleQueue[bool] = SimpleQueue()
    made: SimpleQueue[tuple[T, BaseException | None]] = SimpleQueue()

    def work() -> None:
        while asked.get():
            made.put(_next(items))

    switches_s = sys.getswitchinterval()
    sys.setswitchinterval(min(switches_s, _SWITCHES_S))
    thread = Thread(target=copy_context().run, args=(work,), name="ahead", daemon=True)
    thread.start()
    asked.put(True)
    try:
        while True:
            item, problem = made.get()
            if problem is not None:
                raise problem
            if item is _END:
                return
            asked.put(True)
            yield item
    finally:
        asked.put(False)
        thread.join(_PATIENCE_S)
        sys.setswitchinterval(switches_s)
        if not thread.is_alive() and isinstance(items, Generator):
            items.close()


def _next(items: Iterator[T]) -> tuple[T, BaseException | None]:
    """The next item, or what it was that went wrong: whoever waits for it shall hear of everything."""
    try:
        return next(items, _END), None
    except BaseException as problem:  # noqa: BLE001  raised again by whoever waits
        return _END, problem
