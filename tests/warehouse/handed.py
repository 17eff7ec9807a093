"""A small world of hand-offs: people, owners, calendars, histories and activities, as the face has them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from crmsync.core.agreement import Agreement
from crmsync.core.figures import Figures
from crmsync.warehouse.audit_db import build_face
from crmsync.warehouse.figures import figures_of
from warehouse.shelf import TAKEN, Row, columns_over, reference_mapping, stored

MADRID = Agreement(
    timezone="Europe/Madrid", hours={"mon-fri": ["09:00-18:00"]}, holidays=["2026-12-08"]
)
REPS = (
    {"id": "7", "email": "ana@acme.example", "name": "Ana Gil", "active": "true"},
    {"id": "8", "email": "eva@acme.example", "name": "Eva Ruiz", "active": "true"},
    {"id": "9", "email": "it@acme.example", "name": "HubSpot Integration", "active": "true"},
)


@dataclass
class World:
    """Rows of one story; `contact` and the others add one each."""

    folder: Path
    contacts: list[Row] = field(default_factory=list)
    leads: list[Row] = field(default_factory=list)
    activities: dict[str, list[Row]] = field(default_factory=dict)
    histories: list[Row] = field(default_factory=list)
    calendars: list[Row] = field(default_factory=list)
    business_hours: list[Row] = field(default_factory=list)
    holidays: list[Row] = field(default_factory=list)
    reps: Sequence[Row] = REPS
    times: int = 0
    have: set[str] = field(default_factory=set)

    @property
    def file(self) -> Path:
        """The face that was built last."""
        return self.folder / f"face{self.times}.duckdb"

    def contact(
        self, mql: str | None = None, owner: str | None = "7", owned: str | None = None, **more: str
    ) -> str:
        """A contact of HubSpot who became an MQL, and who owned it since when; the owner's change is in the history."""
        id_ = str(len(self.contacts) + 1)
        told = {"hs_v2_date_entered_marketingqualifiedlead": mql} if mql else {}
        row = {
            "_id": id_,
            "email": f"p{id_}@uno.example",
            "lastname": "Gil",
            "hubspot_owner_id": owner,
        }
        born = {"_created_at": "2026-11-01T00:00:00.000Z"}
        self.contacts.append({**born, **row, **told, **more})
        if owned:
            self.owns(id_, owned, owner)
        return id_

    def owns(self, id_: str, since: str, owner: str | None, before: str | None = None) -> None:
        """One change of owner."""
        self.histories.append({
            "id": f"h{len(self.histories)}", "record_id": id_, "told": "change", "native": "hubspot_owner_id",
            "old": before, "new": owner, "happened_at": since, "precision": "instant",
        })  # fmt: skip

    def log(self, kind: str, about: str, at: str | None, **more: str | None) -> None:
        """One activity of HubSpot, made when it happened unless said otherwise."""
        kinds = {
            "calls": "call",
            "emails": "email",
            "meetings": "meeting",
            "notes": "note",
            "tasks": "task",
        }
        usual = {
            "kind": kinds[kind], "state": "closed", "about": f"contacts|{about}", "created_at": at, "happened_at": at,
            "precision": "instant", "owner_id": "7", "created_by": "7",
            "direction": "outbound" if kind == "calls" else None,
            "subtype": "EMAIL" if kind == "emails" else None,
        }  # fmt: skip
        rows = self.activities.setdefault(kind, [])
        rows.append({**usual, "id": f"{kind}{len(rows)}", **more})

    def works(
        self, owner: str, zone: str | None, days: range = range(1, 6), hours: str = "09:00-18:00"
    ) -> None:
        """The working hours of a user of HubSpot."""
        starts, ends = hours.split("-")
        self.calendars += [
            {"id": owner, "name": f"user {owner}", "timezone": zone, "active": "true", "weekday": str(day),
             "starts": starts, "ends": ends} for day in days
        ]  # fmt: skip

    @contextmanager
    def face(self, agreement: Agreement = MADRID) -> Iterator[Any]:
        """The finished face."""
        rows: Mapping[str, Any] = {
            "salesforce": {
                "Lead": self.leads,
                "_calendars.BusinessHours": self.business_hours,
                "_calendars.Holiday": self.holidays,
            },
            "hubspot": {
                "contacts": self.contacts,
                "_activities.calls": [],
                **{f"_activities.{name}": rows for name, rows in self.activities.items()},
                "_owners": self.reps,
                "_history.contacts.contacts_history": self.histories,
                "_calendars.users": self.calendars,
            },
        }
        self.times += 1
        shelf = stored(self.folder / str(self.times), rows, reference_mapping())
        with columns_over(shelf, reference_mapping()) as columns:
            self.have = build_face(columns, self.file, agreement=agreement, zone="Europe/Madrid")
        with duckdb.connect(str(self.file), read_only=True) as db:
            yield db

    def figures(self, agreement: Agreement = MADRID) -> Figures:
        """All figures of the story."""
        with self.face(agreement):
            pass
        return figures_of(self.file, agreement, self.have, TAKEN)

    def row(self, *names: str, agreement: Agreement = MADRID) -> tuple[Any, ...]:
        """Columns of the only hand-off there is."""
        with self.face(agreement) as db:
            (found,) = db.execute(f"SELECT {', '.join(names)} FROM handoff").fetchall()
        return tuple(found)
