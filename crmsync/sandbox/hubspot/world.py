"""One simulated portal, and loading rows into it as the platform's own import would.

How it answers over HTTP is in `app.py` and the modules it lists.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from crmsync.sandbox.clock import Clock, nothing_happens
from crmsync.sandbox.hubspot import consent, records, ties
from crmsync.sandbox.hubspot.definitions import definition
from crmsync.sandbox.hubspot.errors import Refusal
from crmsync.sandbox.hubspot.index import unique_values
from crmsync.sandbox.hubspot.label_calls import new_label
from crmsync.sandbox.hubspot.objects import OBJECTS, ObjectType, object_type
from crmsync.sandbox.hubspot.owners import owners, put_owner
from crmsync.sandbox.hubspot.portal import Portal
from crmsync.sandbox.hubspot.wire import iso
from crmsync.sandbox.tables import Tables


class HubspotWorld:
    """A portal to load and to serve; `switches` says in what it differs from the default one."""

    system = "hubspot"

    def __init__(self, tables: Tables, clock: Clock, *, portal_id: int = 148_000_001) -> None:
        self.tables = tables
        self.clock = clock
        self.token = "pat-na1-sandbox"  # noqa: S105  (opens nothing but this simulator)
        self.requests: list[dict[str, Any]] = []
        self.portal = Portal(tables, clock, portal_id)
        self.switches = self.portal.switches
        # What the side door does besides; given by whoever opens or serves the world.
        # What happens by itself before a call is answered, and the connector to the other CRM, if one is attached.
        self.before_call: Callable[[], None] = nothing_happens
        self.native: Callable[[Any], Any] | None = None
        self.commands: Mapping[str, Callable[[Any, Any], Any]] = {}

    def put(
        self, name: str, values: dict[str, Any], id: str | None = None, *, source: str = "IMPORT"
    ) -> str:
        """The id of a row loaded without validation; system properties in `values` win.

        An id that exists is changed, and a blank clears. The instant of the history is the modified
        date in `values`, else now. `associatedcompanyid` also ties the contact to its company.
        ValueError for an unknown object or an id that is no number.
        """
        self.portal.refresh()
        if name.lower() in ("owner", "owners"):
            return put_owner(self.portal, values, id)
        known = _object_named(name)
        chosen = id or values.get("hs_object_id")
        return records.load(
            self.portal, known, values, _numeric(chosen) if chosen else None, source
        )

    def edit(self, name: str, values: dict[str, Any], id: str) -> str:
        """The id of a row that a person changed on its page: as `put`, and history says who it was.

        ValueError for a unique value that another record has, as its page would not take it.
        """
        self.portal.refresh()
        self._demand_free(_object_named(name).name, values, id)
        users = [row["userId"] for row in owners(self.portal, archived=False)]
        return self.put(name, values, id, source=f"CRM_UI/userId:{[*users, 1][0]}")

    def _demand_free(self, name: str, values: Mapping[str, Any], id: str) -> None:
        """ValueError if another record has one of these values, of a property that only one may have."""
        given = {each: str(value) for each, value in values.items() if value}
        for unique in self.portal.unique_names(name):
            for value in unique_values(unique, {"properties": given}):
                holder = self.portal.holder(name, unique, value)
                if holder not in (None, id):
                    raise ValueError(f"{name} {holder} has {unique} '{value}' already")

    def associate(
        self, from_object: str, from_id: str, to_object: str, to_id: str, type_ids: Iterable[int]
    ) -> None:
        """Adds types to the tie of two records, in both directions; existing types stay.

        The type ids are those of the direction given; the records may be loaded later.
        ValueError for a type that does not lead from the one object to the other.
        """
        self.portal.refresh()
        from_name, to_name = _object_named(from_object).name, _object_named(to_object).name
        ends = (from_name, _numeric(from_id), to_name, _numeric(to_id))
        ties.add(self.portal, ends, type_ids)

    def state_consent(self, email: str, subscription: str, status: str, at: str) -> None:
        """Keeps what an address said of a type of subscription, and when; a later word replaces it."""
        self.portal.refresh()
        consent.set_status(self.portal, email, subscription, status, {"at": at})

    def define_label(
        self, from_object: str, to_object: str, label: str, inverse_label: str = ""
    ) -> int:
        """The type id, in the direction given, of a new label; without an inverse it is the same back.

        ValueError for an unknown object or a label that is there already.
        """
        self.portal.refresh()
        near, far = _object_named(from_object), _object_named(to_object)
        try:
            made = new_label(self.portal, near, far, label, inverse_label)
        except Refusal as refusal:
            raise ValueError(str(refusal)) from None
        return made[0].id

    def define_property(
        self,
        object: str,
        name: str,
        type: str,
        fieldType: str,  # noqa: N803  (the platform's own word, as in the attributes)
        **attributes: Any,
    ) -> None:
        """Adds or replaces a property; `attributes` are the platform's own (label, options ...)."""
        self.portal.refresh()
        known = _object_named(object).name
        now = iso(self.clock.now())
        group = self.portal.groups(known)[0]["name"]
        whole = {"createdAt": now, "updatedAt": now, "groupName": group, **attributes}
        self.portal.save_definition(known, definition(name, type, fieldType, **whole))

    def drop_property(self, object: str, name: str) -> None:
        """Takes a property away for good, as the platform does 90 days after it was archived.

        Its values go with it. KeyError if the object has none of that name.
        """
        self.portal.refresh()
        known, now = _object_named(object).name, iso(self.clock.now())
        for id_, row in self.tables.rows(known):
            kept = {key: value for key, value in row["properties"].items() if key != name}
            self.tables.put(known, id_, {**row, "properties": kept})
        gone = {**self.portal.definitions(known)[name], "purgedAt": now}
        self.portal.save_definition(known, gone)
        self.portal.archive_definition(known, name, now)

    def rehearse(self, name: str, body: Any) -> Any:
        """What a command of the side door answers; ValueError for one there is not, or a body without sense."""
        if name not in self.commands:
            raise ValueError(f"no command {name!r}; there are {', '.join(sorted(self.commands))}")
        self.portal.refresh()
        return self.commands[name](self, body)


def _object_named(name: str) -> ObjectType:
    known = object_type(name)
    if known is None:
        raise ValueError(f"HubSpot has no object {name!r}; it has {', '.join(OBJECTS)} and owners")
    return known


def _numeric(id_: Any) -> str:
    if not str(id_).isascii() or not str(id_).isdigit():
        raise ValueError(f"a HubSpot id is a number, not {id_!r}")
    return str(id_)
