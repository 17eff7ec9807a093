"""What a run could not write because another record has it already: whose it is, and where both can be opened."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from crmsync.commands.links import deep_links, read_identities
from crmsync.commands.withholding import WHOLE_RECORD
from crmsync.commands.workspace import Workspace
from crmsync.core.claims import Claim, held_by, is_taken, read_claim
from crmsync.core.planning import Change, Held, read_line

if TYPE_CHECKING:
    from crmsync.store.rows import Op
    from crmsync.store.store import Store


@dataclass(frozen=True, slots=True)
class Doubles:
    """What is held back by the operation that tried it, and how records are opened."""

    lines: Mapping[str, Held] = field(default_factory=dict)
    link: Callable[[str, str, str], str | None] = lambda *_: None


def doubles_of(workspace: Workspace, store: Store, run: str) -> Doubles:
    """What a run could not write because another record has it, as far as it still stands."""
    ops = store.ops(run, ["FAILED"])
    claims = {entity: _claims(store, entity) for entity in sorted({op.entity for op in ops})}
    lines = {op.id: line for op in ops for line in held_by(_change(op), claims[op.entity])}
    return Doubles(lines, deep_links(workspace, read_identities(workspace)))


def _claims(store: Store, entity: str) -> dict[tuple[str, str], list[Claim]]:
    found: dict[tuple[str, str], list[Claim]] = {}
    for key, system, name, text in sorted(store.refused(entity), key=str):
        if name == WHOLE_RECORD and text is not None:
            found.setdefault((key, system), []).append(read_claim(text))
    return found


def _change(op: Op) -> Change:
    line = read_line(json.loads(op.change))
    assert isinstance(line, Change)
    return line


def doubles_json(doubles: Doubles) -> list[dict[str, Any]]:
    """What is held back as JSON values."""
    return [double_json(line, doubles) for line in doubles.lines.values()]


def double_json(line: Held, doubles: Doubles) -> dict[str, Any]:
    """One of them: the record, its values, masked, and the records that have them."""
    from crmsync.reports.taken_text import addresses
    from crmsync.reports.values import shown_text

    own, others = (line.refs[0], line.refs[1:]) if is_taken(line) else (None, line.refs)
    return {
        "record": own,
        "values": {name: shown_text(text, name) for name, text in line.values.items()},
        "reason": line.reason,
        "held_by": list(others),
        "links": list(addresses(line, doubles.link)),
    }
