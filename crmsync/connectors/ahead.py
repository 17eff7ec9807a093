"""Reads ahead: the next page is fetched and parsed in a thread while the present one is used.

Two items more are in memory: one that waits, and one that is asked for at once when that has come, so that the other
end has something to do before anybody here looks at it. Of small pages it may be more: whoever takes them stops now and
then for long, to write many of them at once, and meanwhile nothing would be asked for.

The order stays, and an error is raised where its page would have come. Nobody but the thread may use what the items
come from until the last of them came, or the iterator is closed.
"""

from __future__ import annotations

import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from contextvars import copy_context
from queue import SimpleQueue
from threading import Event, Lock, Semaphore, Thread
from typing import Any, TypeVar

T = TypeVar("T")
_PATIENCE_S = 5.0
"""How long a page that nobody wants any more is waited for; its thread ends when it has come."""
_AHEAD = 2
"""How many are made that nobody has asked for yet. With one of them the thread first waits until somebody takes it and
then for the interpreter, and only after that sends its next request."""
_SWITCHES_S = 0.0005
"""How long the other thread has the interpreter while one wants it. A page comes in pieces, and after each of them
the usual 5 ms would be waited for: with those a read ahead was slower than none (measured 2026-11)."""
_END: Any = object()


class _Switches:
    """How often threads take turns while anybody reads ahead: as usual again when the last of them has ended."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._readers, self._usual_s = 0, 0.0

    @contextmanager
    def often(self) -> Iterator[None]:
        """Threads take turns often while the block runs."""
        with self._lock:
            if not self._readers:
                self._usual_s = sys.getswitchinterval()
                sys.setswitchinterval(min(self._usual_s, _SWITCHES_S))
            self._readers += 1
        try:
            yield
        finally:
            with self._lock:
                self._readers -= 1
                if not self._readers:
                    sys.setswitchinterval(self._usual_s)


_SWITCHES = _Switches()


def ahead(items: Iterator[T], most: int = _AHEAD) -> Iterator[T]:
    """The items, each made in a thread before it is asked for, `most` of them; the thread is gone when they are."""
    with _SWITCHES.often():
        yield from _ahead(items, most)


def _ahead(items: Iterator[T], most: int) -> Iterator[T]:
    room = Semaphore(0)
    made: SimpleQueue[tuple[T, BaseException | None]] = SimpleQueue()
    over = Event()

    def work() -> None:
        while room.acquire() and not over.is_set():
            made.put(one := _next(items))
            if one[0] is _END:
                return

    thread = Thread(target=copy_context().run, args=(work,), name="ahead", daemon=True)
    thread.start()
    try:
        room.release(most)
        while True:
            item, problem = made.get()
            if problem is not None:
                raise problem
            if item is _END:
                return
            room.release()
            yield item
    finally:
        over.set()
        room.release()
        thread.join(_PATIENCE_S)
        if not thread.is_alive() and isinstance(items, Generator):
            items.close()


def _next(items: Iterator[T]) -> tuple[T, BaseException | None]:
    """The next item, or what it was that went wrong: whoever waits for it shall hear of everything."""
    try:
        return next(items, _END), None
    except BaseException as problem:  # noqa: BLE001  raised again by whoever waits
        return _END, problem
