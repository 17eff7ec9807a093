"""The gate at which answers wait that are never to come, or only in pieces: opened by hand, by no clock."""

from __future__ import annotations

from collections.abc import Callable
from weakref import WeakKeyDictionary

from crmsync.sandbox.tables import Tables

# How often the gate of a simulated CRM was opened. A number that is only raised is safe between threads.
_OPENED: WeakKeyDictionary[Tables, int] = WeakKeyDictionary()


def release(tables: Tables) -> int:
    """Lets every answer that waits go one piece further; how often that was done."""
    _OPENED[tables] = _OPENED.get(tables, 0) + 1
    return _OPENED[tables]


def opened_since(tables: Tables) -> Callable[[], bool]:
    """A question: was the gate opened since it was made?"""
    before = _OPENED.get(tables, 0)
    return lambda: _OPENED.get(tables, 0) > before
