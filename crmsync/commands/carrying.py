"""Carries out one batch of changes: look, note the intent, write, look again, settle.

    pre-read   every cell still as the plan saw it?  no: dropped, a later plan decides again
               already as it should be?              nothing to write, only to settle
    INTENT     on the disk before anything is sent, with what the record held
    SENT       on the disk, the lease still ours
    write      only the cells of the plan
    ACKED      what the system said, id by id; no word about a record: AMBIGUOUS
    read back  held as planned: VERIFIED; as before: IGNORED; otherwise: REWRITTEN (`readback`)
               what was refused, or leads to nobody yet: FAILED, BLOCKED; the cells beside it settle
               changes with every read: AMBIGUOUS
    settle     state, bases, links and refusals in one transaction

Nothing here remembers what it has done: every batch begins by looking, so a process that died anywhere is
resumed by carrying the batch out again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import TYPE_CHECKING

from crmsync.commands.claiming import claims_of
from crmsync.commands.exchange import Unreadable
from crmsync.commands.families import in_families
from crmsync.commands.footing import Footing
from crmsync.commands.items import SAID, Item, beside, in_own_words, request_of, said
from crmsync.commands.keyless import key_of, keyless
from crmsync.commands.origins import stale_origins
from crmsync.commands.partaking import Beyond, beyond, demands, why_not
from crmsync.commands.readback import read_back
from crmsync.commands.restless import RESTLESS, get_calm
from crmsync.commands.settling import IGNORED, base_digest
from crmsync.commands.workspace import Workspace
from crmsync.connectors.base import Cells, Connector, WriteResult
from crmsync.core.planning import CellChange, Change
from crmsync.core.records import Ref
from crmsync.errors import Refused
from crmsync.store.rows import OPEN_STATES, LinkRow, RefusedRow, State

if TYPE_CHECKING:
    from crmsync.store.store import Store
    from crmsync.store.transaction import Transaction

At = Callable[[str], None]
"""Called with the name of every point at which a process could die."""
Seen = Mapping[str, str | Unreadable | None]


@dataclass(slots=True)
class Carrier:
    """Everything that carrying out a plan needs.

    `unclear` are records (key, system) that may or may not have been created: what refers to them waits for
    the run to be resumed, rather than being written without them. `first` is called with a system before
    anything is sent there.
    """

    workspace: Workspace
    store: Store
    connectors: Mapping[str, Connector]
    footing: Footing
    run: str
    at: At
    first: Callable[[str], None]
    unclear: set[tuple[str, str]] = field(default_factory=set)
    left: dict[str, str] = field(default_factory=dict)
    restless: frozenset[str] = frozenset()
    beyond: Beyond = field(default_factory=dict)
    begun: frozenset[str] = frozenset()

    def carry(self, changes: Sequence[Change]) -> None:
        """Carries out changes in their order, batch by batch."""
        self.begun = frozenset(op.id for op in self.store.ops(self.run, OPEN_STATES))
        for batch in self._batches(changes):
            self._carry(batch)

    def _batches(self, changes: Sequence[Change]) -> Iterator[list[Change]]:
        for _, same in groupby(changes, lambda c: (c.lane, c.entity, c.action, c.system, c.object)):
            rows = list(same)
            capabilities = self.connectors[rows[0].system].capabilities
            size = capabilities.batch_size
            if len(rows) > size:
                rows = in_families(rows, capabilities, self.footing.exchange)
            yield from (rows[start : start + size] for start in range(0, len(rows), size))

    def _carry(self, batch: list[Change]) -> None:
        items = self._look(batch)
        self._set_aside(items)
        ready = [item for item in items if item.verdict == "write"]
        written = self._write(ready) if ready else []
        self._verify([*written, *(item for item in items if item.verdict == "done")])

    # Look

    def _look(self, batch: list[Change]) -> list[Item]:
        connector, object_ = self.connectors[batch[0].system], batch[0].object
        ids = {change.id: change.native_id for change in batch}
        self.at(f"before looking at {object_}")
        stale: dict[str, str] = {}
        if batch[0].action == "create":
            try:
                found = connector.find(object_, [change.key for change in batch])
            except Refused:
                if key_of(connector, object_):
                    raise
                self.unclear |= {(c.key, c.system) for c in batch if c.id in self.begun}
                return keyless(connector, batch, self.begun)
            ids = {change.id: found.get(change.key) for change in batch}
            fresh = [change for change in batch if ids[change.id] is None]
            stale = stale_origins(self.footing, self.connectors, fresh) if fresh else {}
        seen = self._read([(change, ids[change.id]) for change in batch])
        stale |= self.left
        self.beyond = beyond(self.footing.exchange, connector, batch)
        self.at(f"after looking at {object_}")
        return [
            Item(change, "dropped", message=stale[change.id])
            if change.id in stale
            else self._restless(change, ids[change.id])
            if change.id in self.restless
            else self._judge(change, ids[change.id], seen.get(change.id))
            for change in batch
        ]

    def _read(self, wanted: Sequence[tuple[Change, str | None]]) -> dict[str, Seen]:
        """The cells of each change as the record holds them now; changes without a record left out.

        So are, as `restless`, those of records that cannot be read because they change all the time.
        """
        self.left, self.restless = {}, frozenset()
        known = [(change, id_) for change, id_ in wanted if id_ is not None]
        if not known:
            return {}
        first = known[0][0]
        exchange = self.footing.exchange
        inputs = {n for c, _ in known for each in self._inputs(c).values() for n in each}
        connector = self.connectors[first.system]
        names = sorted(inputs.union(demands(exchange, connector, first)))
        rows, restless = get_calm(connector, first.object, [id_ for _, id_ in known], names)
        self.restless = frozenset(change.id for change, id_ in known if id_ in restless)
        self.left = {
            change.id: why
            for change, id_ in known
            if change.action == "update"
            and id_ in rows
            and (why := why_not(exchange, connector, change, rows[id_]))
        }
        return {
            change.id: {
                name: self.footing.exchange.to_text(change, name, rows[id_])
                for name in self._inputs(change)
            }
            for change, id_ in known
            if id_ in rows
        }

    def _restless(self, change: Change, native_id: str | None) -> Item:
        """Nothing more is sent of it; what was begun goes on when the run is resumed."""
        if change.id in self.begun:
            return Item(change, "unclear", native_id, message=RESTLESS)
        return Item(change, "dropped", native_id, message=f"{RESTLESS}: nothing was sent")

    def _inputs(self, change: Change) -> dict[str, tuple[str, ...]]:
        """{field: natives} of the cells of a change; of a new record every synced field, to settle it whole."""
        if change.action == "create":
            return self.footing.exchange.synced(change)
        return {
            cell.field: self.footing.exchange.inputs(change, cell.field) for cell in change.cells
        }

    def _judge(self, change: Change, native_id: str | None, seen: Seen | None) -> Item:
        """Write, done, dropped, blocked or waits; `failed` and `unclear` are of `keyless`."""
        if change.action == "create":
            return self._judge_create(change, native_id, seen)
        if seen is None:
            return Item(change, "dropped", native_id, message="the record is gone")
        moved = [c.field for c in change.cells if not self._fits(change, c, seen[c.field])]
        if moved:
            return Item(
                change, "dropped", native_id, message="changed meanwhile: " + ", ".join(moved)
            )
        todo = [cell for cell in change.cells if seen[cell.field] != cell.after]
        before = {c.field: c.before for c in todo}
        item = Item(change, "write" if todo else "done", native_id, before)
        return self._prepared(item, todo) if todo else item

    def _fits(self, change: Change, cell: CellChange, seen: str | Unreadable | None) -> bool:
        """True if a cell is as the plan saw it, as it shall be, or as our own broken write left it.

        A blank between two steps of a write is ours if the write was begun, and an edit by somebody if not.
        """
        exchange = self.footing.exchange
        if seen is None and change.id in self.begun:
            capabilities = self.connectors[change.system].capabilities
            stepwise = capabilities.stepwise.get(change.object, ())
            if exchange.native(change, cell.field) in stepwise:
                return True
        return exchange.may_stand(change, cell, seen)

    def _judge_create(self, change: Change, native_id: str | None, seen: Seen | None) -> Item:
        """Write; of a record that an earlier attempt made already, only what it still lacks."""
        if native_id is None or seen is None:
            return self._prepared(Item(change, "write"), list(change.cells))
        lacking = [c for c in change.cells if c.after is not None and seen.get(c.field, "") is None]
        item = self._prepared(Item(change, "write", native_id), lacking)
        is_open = item.verdict in ("write", "waits")
        return item if is_open else replace(item, verdict="done", message="")

    def _prepared(self, item: Item, todo: list[CellChange]) -> Item:
        wire: Cells = {}
        left: list[str] = []
        absent: list[str] = []
        scoped = self.beyond.get(item.change.id, frozenset())
        left += [cell.field for cell in todo if cell.field in scoped]
        for cell in todo:
            text = self.footing.exchange.to_wire(item.change, cell)
            if cell.field in scoped:
                continue
            if isinstance(text, Unreadable):
                left.append(cell.field)
                absent.append(text.raw)
            else:
                wire[self.footing.exchange.native(item.change, cell.field)] = text
        verdict = item.verdict if wire else "blocked"
        if any((key, item.change.system) in self.unclear for key in absent):
            verdict = "waits"
        message = f"what it refers to is not there yet: {', '.join(left)}" if left else ""
        if scoped:
            message = f"the scope leaves out what it refers to: {', '.join(left)}"
        return replace(item, verdict=verdict, wire=wire, left=tuple(left), message=message)

    def _set_aside(self, items: list[Item]) -> None:
        states: dict[str, State] = {
            "dropped": "DROPPED",
            "failed": "FAILED",
            "blocked": "BLOCKED",
            "unclear": "AMBIGUOUS",
        }
        with self.store.transaction() as tx:
            tx.check_fence()
            for verdict, state in states.items():
                aside = {i.change.id: i.message for i in items if i.verdict == verdict}
                if aside:
                    tx.set_state(self.run, list(aside), state, self.workspace.now(), messages=aside)
        self.at("after setting aside")

    # Write

    def _write(self, items: list[Item]) -> list[Item]:
        """Sends one batch; the items whose records are there to be read back, with their native ids."""
        ids = [item.change.id for item in items]
        change = items[0].change
        self.first(change.system)
        with self.store.transaction() as tx:
            tx.check_fence()
            images = {item.change.id: item.before for item in items}
            tx.set_state(self.run, ids, "INTENT", self.workspace.now(), pre_images=images)
        self.at("after INTENT")
        with self.store.transaction() as tx:
            tx.check_fence()
            tx.set_state(self.run, ids, "SENT", self.workspace.now())
        self.at(f"before {change.action} {change.object}")
        results = self._sent(items)
        self.at(f"after {change.action} {change.object}")
        connector = self.connectors[change.system]
        self._note(results, claims_of(self.footing.exchange, connector, items, results))
        self.at("after ACKED")
        creates = [item.change for item in items if item.change.action == "create"]
        self.unclear |= {(c.key, c.system) for c in creates if results[c.id].outcome == "unknown"}
        return [
            self._answered(item, result)
            for item in items
            if (result := results.get(item.change.id)) and SAID[said(result)] == "ACKED"
        ]

    def _answered(self, item: Item, result: WriteResult) -> Item:
        """The item with its record, and the fields that the system refused."""
        natives = {self.footing.exchange.native(item.change, c.field): c for c in item.change.cells}
        shown = tuple(natives[name].field for name in result.confirmed if name in natives)
        item = replace(item, native_id=result.native_id or item.native_id, confirmed=shown)
        if result.outcome == "written" and not result.fields:
            return item
        names = result.fields if result.outcome == "written" else item.wire
        refused = [natives[name].field for name in names if name in natives]
        left, said = (*item.left, *refused), result.message or "refused"
        return replace(item, left=left, refusal=said)

    def _sent(self, items: list[Item]) -> dict[str, WriteResult]:
        """The results of one batch; cells that a system refused by name are left out and the rest sent.

        A record that was written without them still names them.
        """
        first = self._send(items)
        again = [
            replace(item, wire=rest, native_id=result.native_id or item.native_id)
            for item in items
            if (result := first.get(item.change.id)) is not None
            and result.outcome == "refused"
            and result.fields
            and (rest := {n: v for n, v in item.wire.items() if n not in result.fields})
            and len(rest) < len(item.wire)
        ]
        second = {
            id_: beside(result, first[id_]) if result.outcome == "written" else result
            for id_, result in self._send(again).items()
        }
        return {**first, **second}

    def _send(self, items: list[Item]) -> dict[str, WriteResult]:
        """The results of one batch; a record that is there already is updated, whatever the plan says."""
        results: list[WriteResult] = []
        for action in ("create", "update"):
            requests = [r for item in items if (r := request_of(item)).action == action]
            if requests:
                change = items[0].change
                results += self.connectors[change.system].write(change.object, requests)
        return {
            result.change_id: in_own_words(items[0].change.action, result) for result in results
        }

    def _note(self, results: Mapping[str, WriteResult], claims: Sequence[RefusedRow]) -> None:
        with self.store.transaction() as tx:
            for claim in claims:
                tx.refuse(claim, "the system says that it is there already", self.run)
            for outcome, state in SAID.items():
                rows = {id_: r for id_, r in results.items() if said(r) == outcome}
                if rows:
                    tx.set_state(
                        self.run,
                        list(rows),
                        state,
                        self.workspace.now(),
                        native_ids={id_: r.native_id for id_, r in rows.items() if r.native_id},
                        messages={id_: r.message for id_, r in rows.items() if r.message},
                    )

    # Verify

    def _verify(self, items: list[Item]) -> None:
        if not items:
            return
        self.at(f"before reading back {items[0].change.object}")
        seen = self._read([(item.change, item.native_id) for item in items])
        self.at(f"after reading back {items[0].change.object}")
        with self.store.transaction() as tx:
            for item in items:
                self._settle(tx, item, seen.get(item.change.id))
            tx.mark_moved(self.run)
        self.at("after VERIFIED")

    def _settle(self, tx: Transaction, item: Item, seen: Seen | None) -> None:
        """State, bases, links and refusals of one change, by what was read back."""
        change = item.change
        if change.id in self.restless:
            message = {change.id: RESTLESS}
            tx.set_state(self.run, [change.id], "AMBIGUOUS", self.workspace.now(), messages=message)
            return
        if seen is None or item.native_id is None:
            message = {change.id: "the record is gone"}
            tx.set_state(self.run, [change.id], "DROPPED", self.workspace.now(), messages=message)
            return
        back = read_back(self.footing.exchange, item, seen)
        held, found, told = back.held, back.found, back.told
        tx.set_state(
            self.run,
            [change.id],
            back.state,
            self.workspace.now(),
            native_ids={change.id: item.native_id},
            held={change.id: held},
            messages={change.id: told} if told else None,
        )
        moves = self.footing.settlement.after(change, found, held)
        if moves:
            tx.move_bases(change.entity, {change.key: moves}, base_digest)
        if change.action == "create":
            self._link(tx, change, item.native_id)
        self._refuse(tx, item, found)

    def _link(self, tx: Transaction, change: Change, native_id: str) -> None:
        """A record that was created belongs to its customer, and so does the one it was made from."""
        row = LinkRow(
            change.entity, change.key, Ref(change.system, change.object, native_id), "created"
        )
        tx.save_links(
            [row, *self.footing.sources.get((change.entity, change.key), ())],
            self.run,
            self.workspace.now(),
        )

    def _refuse(self, tx: Transaction, item: Item, found: Mapping[str, str]) -> None:
        """A value that a system took and did not keep is not sent again."""
        change = item.change
        for cell in change.cells:
            if found[cell.field] == IGNORED and cell.before != cell.after:
                row = RefusedRow(change.entity, change.key, change.system, cell.field, cell.after)
                tx.refuse(row, "taken, but not kept", self.run)
