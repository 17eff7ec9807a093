"""A page ahead in a thread: the same items in the same order, errors where they belong, and no thread left behind."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextvars import ContextVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmsync.connectors import ahead as module
from crmsync.connectors.ahead import ahead

WAIT_S = 10
WORD: ContextVar[str] = ContextVar("WORD", default="nobody")


def threads() -> list[threading.Thread]:
    return [each for each in threading.enumerate() if each.name == "ahead"]


@pytest.fixture(autouse=True)
def nothing_is_left() -> Iterator[None]:
    before = sys.getswitchinterval()
    yield
    assert threads() == []
    assert sys.getswitchinterval() == before


class Source:
    """Numbers, one at a time, that note who made them and how many there are."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.made: list[int] = []
        self.makers: set[str] = set()
        self.is_closed = False
        self.one_more = threading.Semaphore(0)

    def __iter__(self) -> Iterator[int]:
        try:
            for each in range(self.number):
                self.makers.add(threading.current_thread().name)
                self.made.append(each)
                self.one_more.release()
                yield each
        finally:
            self.is_closed = True


@given(items=st.lists(st.one_of(st.none(), st.integers())))
def test_the_items_are_the_same_and_in_order(items: list[int | None]) -> None:
    assert list(ahead(iter(items))) == items


def test_the_next_two_are_made_while_one_is_used_and_no_more() -> None:
    source = Source(6)
    items = ahead(iter(source))
    assert threads() == []
    for at, item in enumerate(items):
        assert item == at
        while len(source.made) < min(at + 3, source.number):
            assert source.one_more.acquire(timeout=WAIT_S)
        assert len(source.made) <= at + 3
    assert source.makers == {"ahead"}


def test_of_small_items_as_many_are_made_as_are_wanted() -> None:
    source = Source(20)
    items = ahead(iter(source), 8)
    assert next(items) == 0
    while len(source.made) < 9:
        assert source.one_more.acquire(timeout=WAIT_S)
    assert len(source.made) == 9
    assert list(items) == list(range(1, 20))


@pytest.mark.parametrize("first", [0, 1])
def test_two_readers_leave_no_trace_whichever_of_them_ends_first(first: int) -> None:
    usual_s = sys.getswitchinterval()
    readers = [ahead(iter(Source(3))) for _ in range(2)]
    for each in readers:
        next(each)
    assert list(readers[first]) == [1, 2]
    assert sys.getswitchinterval() == pytest.approx(module._SWITCHES_S)
    assert list(readers[1 - first]) == [1, 2]
    assert sys.getswitchinterval() == usual_s


def test_an_error_is_raised_where_its_item_would_have_come() -> None:
    def broken() -> Iterator[int]:
        yield 1
        yield 2
        raise KeyError("three")

    items = ahead(broken())
    assert [next(items), next(items)] == [1, 2]
    with pytest.raises(KeyError, match="three"):
        next(items)


def test_who_stops_early_leaves_neither_thread_nor_open_pages() -> None:
    source = Source(100)
    items = ahead(iter(source))
    assert next(items) == 0
    assert len(threads()) == 1
    items.close()  # type: ignore[attr-defined]  # a generator
    assert source.is_closed
    assert len(source.made) <= 3


def test_a_reader_that_fails_leaves_none_either() -> None:
    def reads() -> None:
        for item in ahead(iter(Source(100))):
            raise ValueError(item)

    with pytest.raises(ValueError, match="0"):
        reads()


def test_it_speaks_the_language_of_who_reads() -> None:
    token = WORD.set("somebody")
    try:
        assert list(ahead(WORD.get() for _ in range(2))) == ["somebody"] * 2
    finally:
        WORD.reset(token)


def test_who_is_interrupted_does_not_wait_for_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page may take minutes; its thread ends with it, or with the program."""
    # A suite that runs in the background was told to ignore the signal.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    monkeypatch.setattr(module, "_PATIENCE_S", 0.01)
    waits, answered = threading.Event(), threading.Event()

    def slow() -> Iterator[int]:
        waits.set()
        assert answered.wait(WAIT_S)
        yield 1

    def interrupts() -> None:
        assert waits.wait(WAIT_S)
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)

    items = ahead(slow())
    other = threading.Thread(target=interrupts)
    other.start()
    try:
        with pytest.raises(KeyboardInterrupt):
            next(items)
    finally:
        signal.signal(signal.SIGINT, before)
    [thread] = threads()
    assert thread.daemon
    answered.set()
    thread.join(WAIT_S)
    other.join(WAIT_S)
