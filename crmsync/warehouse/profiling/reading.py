"""Every count of a profile, asked of one finished face."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from pathlib import Path

from crmsync.core.mapping import WorkspaceMapping
from crmsync.core.profile import DataProfile
from crmsync.warehouse.engine import open_read_only
from crmsync.warehouse.profiling.ages import read_ages
from crmsync.warehouse.profiling.agreement import read_agreement
from crmsync.warehouse.profiling.doubles import read_duplicates
from crmsync.warehouse.profiling.gaps import read_gaps
from crmsync.warehouse.profiling.moves import read_moves
from crmsync.warehouse.profiling.owners import read_owners


def read_profile(
    file: Path, mapping: WorkspaceMapping, have: Collection[str], as_of: datetime
) -> DataProfile:
    """The profile of a face; `have` is what there is in it, in the words of an audit's `needs`."""
    entities = [each.entity for each in mapping.entities]
    db = open_read_only(file, plainly=True)
    try:
        return DataProfile(
            agreement=read_agreement(db, mapping),
            moves=read_moves(db),
            gaps=read_gaps(db, have),
            duplicates=read_duplicates(
                db, [each.entity for each in mapping.entities if each.duplicates is not None]
            ),
            ages=read_ages(db, entities, as_of),
            owners=read_owners(db, entities),
        )
    finally:
        db.close()
