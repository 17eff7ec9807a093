"""Items that come over the wire, the next one on its way while the last is used.

A page waits for the system, turning it into columns for the processor: together they take as long as
the slower of both. No more than one item is ahead, so memory stays flat, and errors keep their place:
whatever came before one is handed over first.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Generic, TypeVar

T = TypeVar("T")
PATIENCE_S = 5.0


def ahead(items: Iterator[T]) -> Iterator[T]:
    """The items in their order; each is made in a thread that has ended when the next one starts.

    Left early, by an error or by Ctrl-C, it waits for the item on its way, and closes `items`. Nobody
    waits for a system that hangs: after a few seconds the thread is left to its time limit, or to the end
    of the process, which does not wait for it either.
    """
    making = _Making(items)
    try:
        while making.has_item():
            item = making.item
            making = _Making(items)
            yield item
    finally:
        making.thread.join(PATIENCE_S)
        if not making.thread.is_alive():
            _close(items)


class _Making(Generic[T]):
    """One item on its way."""

    item: T

    def __init__(self, items: Iterator[T]) -> None:
        self._items = items
        self._came = False
        self._error: BaseException | None = None
        self.thread = threading.Thread(target=self._make, name="next page", daemon=True)
        self.thread.start()

    def has_item(self) -> bool:
        """Waits; False after the last item. Raises what making it raised."""
        self.thread.join()
        if self._error is not None:
            raise self._error
        return self._came

    def _make(self) -> None:
        try:
            for item in self._items:
                self.item, self._came = item, True
                return
        except BaseException as error:  # noqa: BLE001  # raised again where the item is asked for
            self._error = error


def _close(items: Iterator[T]) -> None:
    close = getattr(items, "close", None)
    if close is not None:
        close()
