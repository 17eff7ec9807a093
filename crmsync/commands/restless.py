"""Records that change while they are read, however often: they are set aside, and cost the others nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from crmsync.connectors.base import Cells, Connector
from crmsync.errors import Restless

RESTLESS = "it changes with every read"
"""Why nothing is said, or sent, of such a record."""


def get_calm(
    connector: Connector, object_: str, ids: Sequence[str], names: Sequence[str]
) -> tuple[Mapping[str, Cells], frozenset[str]]:
    """(cells by id, ids of the restless): what `get` gives for all but those that it cannot read.

    Those that are gone are in neither. Each time some are found to be restless the others are read anew.
    """
    restless: frozenset[str] = frozenset()
    while True:
        calm = [one for one in ids if one not in restless]
        try:
            return connector.get(object_, calm, names), restless
        except Restless as error:
            if not error.ids & {*calm}:
                raise
            restless |= error.ids
