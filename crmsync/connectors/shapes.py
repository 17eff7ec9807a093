"""Answers of another shape than documented become AnswerBroken, wherever they are taken apart."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

from crmsync.errors import AnswerBroken

T = TypeVar("T")
_ODD = (KeyError, IndexError, TypeError, AttributeError, ValueError)


@contextmanager
def understood(where: str = "") -> Iterator[None]:
    """Runs a block, or a function it decorates, that takes an answer apart."""
    try:
        yield
    except _ODD as problem:
        raise _broken(problem, where) from problem


def each_understood(items: Iterator[T], where: str = "") -> Iterator[T]:
    """The items, for an iterator that takes answers apart."""
    try:
        yield from items
    except _ODD as problem:
        raise _broken(problem, where) from problem


def _broken(problem: Exception, where: str) -> AnswerBroken:
    kind = type(problem).__name__
    return AnswerBroken(f"the answer has another shape than documented ({kind})", where=where)
