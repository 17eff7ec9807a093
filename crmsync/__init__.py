"""Audit two CRMs, map them in reviewed files, and keep them in step."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from crmsync.api import Client

__version__ = "0.1.0"


def open(folder: str | Path = ".", *, tell: Callable[[str], None] | None = None) -> Client:
    """The workspace of a folder, with the verbs of the command line; `tell` hears of progress.

    ConfigInvalid names every problem of its files at once.
    """
    from crmsync.api import open_client  # `import crmsync` reads nothing else

    return open_client(folder, tell)
