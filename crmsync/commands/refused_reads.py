"""What a credential may not read: kept as a read without records that broke off, so nothing is inferred from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from crmsync.errors import AccessDenied, AnswerBroken, CrmsyncError, Refused
from crmsync.language import translate_said
from crmsync.warehouse.snapshots import Snapshot

if TYPE_CHECKING:
    import pyarrow as pa

Keep: TypeAlias = "Callable[[str, Iterator[pa.RecordBatch]], Snapshot]"


@dataclass(slots=True)
class Refusals:
    """What one system does not let be read. `keep` writes a snapshot of some name.

    `told` are lines for people, `names` the objects and side tables that they are about. Unless `skip` is set, what is
    refused ends the pull with what the system said.
    """

    system: str
    keep: Keep
    skip: bool
    told: list[str] = field(default_factory=list)
    names: set[str] = field(default_factory=set)

    def borne(self, name: str, columns: Sequence[str], read: Callable[[], Snapshot]) -> Snapshot:
        """What `read` gives; where it is refused, an incomplete snapshot with these columns and no row."""
        try:
            return read()
        except (AccessDenied, Refused) as refusal:
            if not self.skip:
                raise
            said = translate_said(refusal.message)
            self.names.add(name)
            self.told.append(f"{self.system} {name.removeprefix('_')}: {said}")
            return self.keep(name, _nothing(columns, refusal))


def _nothing(columns: Sequence[str], refusal: CrmsyncError) -> Iterator[pa.RecordBatch]:
    """A batch without rows, and then what was said, as of any read that broke off."""
    from crmsync.connectors.columns import rows_batch

    yield rows_batch(columns, [])
    raise AnswerBroken(refusal.message, where=refusal.where)
