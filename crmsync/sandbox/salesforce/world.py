"""One simulated Salesforce org: its rows, its schema, its clock and its secrets.

It knows nothing of HTTP. Everything that must outlive the process is in its tables; the names of
those that are not objects begin with `~`.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from crmsync.sandbox.clock import Clock, nothing_happens
from crmsync.sandbox.salesforce.activities import archive_old, settle_activity
from crmsync.sandbox.salesforce.allowance import Allowance
from crmsync.sandbox.salesforce.bulk_state import BulkState
from crmsync.sandbox.salesforce.campaigning import after_campaign, settle_member
from crmsync.sandbox.salesforce.catalogue import (
    Changes,
    Shape,
    custom_field,
    shapes_of,
    tooling_shapes,
)
from crmsync.sandbox.salesforce.custom_fields import list_custom_fields
from crmsync.sandbox.salesforce.derived import derive
from crmsync.sandbox.salesforce.grants import GRANTING, granted, object_rights, withheld
from crmsync.sandbox.salesforce.ids import full_id, numbered_id
from crmsync.sandbox.salesforce.instants import wire_instant
from crmsync.sandbox.salesforce.primary_roles import settle_primary
from crmsync.sandbox.salesforce.recycling import note_deletion, purge_old
from crmsync.sandbox.salesforce.rows import Rows
from crmsync.sandbox.salesforce.schema import Field
from crmsync.sandbox.salesforce.schema.calendars import ROUND_THE_CLOCK
from crmsync.sandbox.salesforce.schema.ladders import stages, statuses
from crmsync.sandbox.salesforce.switches import switch_value
from crmsync.sandbox.salesforce.tracking import note_history
from crmsync.sandbox.salesforce.values import loaded
from crmsync.sandbox.switching import Value
from crmsync.sandbox.tables import Row, Tables

_SECRETS = ("token", "client_id", "client_secret")
_API_USER_ID = numbered_id("005", 1)


class SalesforceWorld:
    """An org over some tables; found empty, it gets one user, one organization and fresh secrets."""

    system = "salesforce"

    def __init__(
        self, tables: Tables, clock: Clock, *, org_id: str = numbered_id("00D", 1)
    ) -> None:
        self.tables = tables
        self.clock = clock
        self.requests: list[dict[str, Any]] = []
        self.allowance = Allowance()
        # None: a token never ends by itself; else seconds of the world's clock after its issue.
        self.token_lifetime_s: float | None = None
        self.token_issued = clock.now()
        # Where logins are told that the org is from now on; blank: where they asked.
        self.login_host = ""
        # What the side door does besides; given by whoever opens or serves the world.
        self.before_call: Callable[[], None] = nothing_happens
        self.commands: Mapping[str, Callable[[Any, Any], Any]] = {}
        self.cursors: dict[str, Any] = {}  # open queries, each the query's own affair
        self.cursor_number = 0
        self.bulk = BulkState()
        self.told_counts: dict[str, tuple[datetime, int]] = {}  # by object: when, and how many
        self._new_org_id = full_id(org_id) or org_id
        kept = tables.get("~secrets", "api") or {}
        self.token: str = kept.get("token") or new_token(self._new_org_id)
        self.client_id: str = kept.get("client_id") or "crmsync-sandbox-" + secrets.token_hex(8)
        self.client_secret: str = kept.get("client_secret") or secrets.token_hex(24)
        self.reload()

    def reload(self) -> None:
        """Forgets what was derived from the rows, for after the tables were replaced.

        The secrets stay those of this world, so that whoever restores a state stays logged in.
        """
        self.rows = Rows(self.tables)
        self.cursors.clear()
        self.bulk.jobs.clear()
        self._counters: dict[str, int] = {}
        self._kept_house = ""  # the hour of the world's clock in which it last was
        self._build_shapes()
        self._found_org()
        self.keep_secrets()
        self.tables.commit()

    def keep_secrets(self) -> None:
        """Writes the secrets to the tables, so that a restart over the same file keeps them."""
        self.tables.put("~secrets", "api", {name: getattr(self, name) for name in _SECRETS})

    # -- schema ------------------------------------------------------------------------------

    def seen(self, name: str) -> Shape | None:
        """The shape of an object that the API user may read."""
        shape = self.shape(name)
        return shape if shape is not None and shape.readable else None

    def objects(self) -> list[str]:
        """API names of all objects, sorted."""
        return [shape.name for shape in self.shapes.values()]

    def shape(self, name: str) -> Shape | None:
        """The shape of an object, whatever the case of its name."""
        return self.shapes.get(name.lower())

    def define_field(self, name: str, field: str, type: str, **attributes: Any) -> None:
        """Adds a custom field to an object, or replaces it; attributes are named as in describe.

        ValueError for an unknown object, a name without `__c` or a type no custom field has.
        """
        shape = self._known(name)
        defined = custom_field(field, type, attributes)
        row = {"object": shape.name, "field": asdict(defined)}
        self.tables.put("~fields", f"{shape.name}.{field}", row)
        self._build_shapes()

    def drop_field(self, name: str, field: str) -> None:
        """Takes a custom field away as an administrator does; its values wait under another name.

        ValueError for an unknown object or field, or one that is no custom field.
        """
        key = self._field_key(name, field)
        object_, _, exact = key.partition(".")
        if not self._known(object_).stored(exact).custom:
            raise ValueError(f"{key} is a standard field")
        for id_, row in self.tables.rows(object_):
            if exact in row:
                # `_del` is put behind the name of a deleted field, which is kept for 15 days: help,
                # Manage Deleted Custom Fields (read 2026-11).
                kept = {one: value for one, value in row.items() if one != exact}
                kept[exact.removesuffix("__c") + "_del__c"] = row[exact]
                self.rows.save(object_, id_, kept)
        for id_ in self.rows.find("FieldPermissions", "Field", key):
            self.rows.drop("FieldPermissions", id_)
        self.tables.drop("~fields", key)
        self.tables.drop("~hidden", key)
        self.tables.put("~dropped", key, {"dropped": True})
        self._build_shapes()

    def hide_field(self, name: str, field: str) -> None:
        """Takes a field out of the API user's profile; a permission set may still show it."""
        self.tables.put("~hidden", self._field_key(name, field), {"hidden": True})
        self._build_shapes()

    def show_field(self, name: str, field: str) -> None:
        """Brings a hidden field back; nothing happens if it was not hidden."""
        self.tables.drop("~hidden", self._field_key(name, field))
        self._build_shapes()

    def _field_key(self, name: str, field: str) -> str:
        shape = self._known(name)
        if field.lower() not in shape.fields:
            raise ValueError(f"{shape.name} has no field {field!r}")
        return f"{shape.name}.{shape.stored(field).name}"

    def _known(self, name: str) -> Shape:
        shape = self.shape(name)
        if shape is None:
            raise ValueError(f"this org has no object {name!r}")
        return shape

    def rebuild(self) -> None:
        """Looks at the schema again, after what it is made of was changed."""
        self._build_shapes()

    def _build_shapes(self) -> None:
        custom: dict[str, list[Field]] = {}
        for _, row in self.tables.rows("~fields"):
            stored = dict(row["field"])
            for listed in ("picklist", "reference_to", "valid_for"):
                stored[listed] = tuple(stored.get(listed, ()))
            custom.setdefault(row["object"], []).append(Field(**stored))
        shown = granted(self.tables, _API_USER_ID)
        rights = object_rights(self.tables, _API_USER_ID)
        hidden = self._places("~hidden") | (withheld(custom) if rights else set())
        read_only = {place for place in hidden if not shown.get(place, True)}
        depends = {_place(key): row for key, row in self.tables.rows("~dependent")}
        dropped = self._places("~dropped")
        changes = Changes(custom, dropped, hidden - shown.keys(), read_only, depends, rights)
        self.shapes = shapes_of(changes)
        self.tooling = tooling_shapes()
        kind = self.tooling["customfield"]
        shapes = self.shapes.values()
        list_custom_fields(self.tables, self.rows, shapes, lambda: self.new_id(kind))

    def _places(self, table: str) -> set[tuple[str, str]]:
        """Object and field of every row of a table that is kept by them."""
        return {_place(key) for key in self.tables.ids(table)}

    # -- rows --------------------------------------------------------------------------------

    def put(self, name: str, values: dict[str, Any], id: str | None = None) -> str:
        """Loads a row as the platform's own import would, past every validation; gives back its id.

        System fields are defaulted but may be given (backdating). With the id of an existing row
        the values are laid over it; its stamps move to now unless one of them is given. ValueError
        for an unknown object or field, or for a value its type has no form for.
        """
        shape = self._known(name)
        given = {self._stored_field(shape, key).name: value for key, value in values.items()}
        id_ = self._import_id(shape, id or given.pop("Id", None))
        given.pop("Id", None)
        row = {key: loaded(shape.stored(key), value) for key, value in given.items()}
        before = self.rows.get(shape.name, id_) or {}
        self.write(shape, id_, {**row, **defaults(shape, row, before)}, stamp=self.stamp())
        return id_

    def write(self, shape: Shape, id_: str, changes: Row, *, stamp: str) -> Row:
        """Saves a record with its stamps and worked-out fields brought up to date; the new row."""
        before = self.rows.get(shape.name, id_) or {}
        row = {**before, "Id": id_, **changes}
        _set_stamps(shape, row, changes, before, stamp, self.user_id)
        derive(shape.name, before, row)
        settle_activity(self, shape.name, before, row)
        settle_member(self, shape.name, before, row)
        self.rows.save(shape.name, id_, row)
        self._after(shape, before, row)
        if shape.name == "OpportunityContactRole":
            settle_primary(self.rows, row, stamp)
        if shape.name in GRANTING:
            self._build_shapes()
        return row

    def _after(self, shape: Shape, before: Row, row: Row) -> None:
        """What a saved row leaves elsewhere: history, an entry of the bin, counts of its parent."""
        note_deletion(self, shape, before, row)
        note_history(self, shape, before, row)
        after_campaign(self, shape.name, before, row)

    def drop(self, shape: Shape, id_: str) -> None:
        """Takes a record away for good, and what it granted with it."""
        self.rows.drop(shape.name, id_)
        if shape.name in GRANTING:
            self._build_shapes()

    def new_id(self, shape: Shape) -> str:
        """A free id of an object; later ones sort after earlier ones."""
        number = self._counters.get(shape.name) or self.tables.count(shape.name)
        while True:
            number += 1
            id_ = numbered_id(shape.object.prefix, number)
            if self.rows.get(shape.name, id_) is None:
                self._counters[shape.name] = number
                return id_

    def switch(self, name: str) -> Value:
        """How one of the open questions is answered in this world; KeyError for no such switch."""
        return switch_value(self.tables, name)

    def keep_house(self) -> None:
        """What the platform does by night: empties the bin of the old, archives old activities."""
        hour = self.stamp()[:13]
        if hour != self._kept_house:
            self._kept_house = hour
            purge_old(self)
            archive_old(self)

    def rehearse(self, name: str, body: Any) -> Any:
        """What a command of the side door answers; ValueError for one there is not, or a body without sense."""
        if name not in self.commands:
            raise ValueError(f"no command {name!r}; there are {', '.join(sorted(self.commands))}")
        return self.commands[name](self, body)

    @property
    def calls(self) -> int:
        """Calls of the last 24 hours, by the world's clock."""
        return self.allowance.used(self.now())

    def count_calls(self, calls: int) -> None:
        """Takes calls from the day's allowance."""
        self.allowance.count(calls, self.now())

    def stamp(self) -> str:
        """Now, in the form in which instants are stored."""
        return wire_instant(self.clock.now())

    @property
    def org_id(self) -> str:
        """Id of the Organization row."""
        return self.tables.ids("Organization")[0]

    def now(self) -> datetime:
        """The world's own time, aware, UTC."""
        return self.clock.now()

    def _import_id(self, shape: Shape, given: str | None) -> str:
        if given is None:
            return self.new_id(shape)
        id_ = full_id(given)
        if id_ is None or not id_.startswith(shape.object.prefix):
            raise ValueError(f"{given!r} is no id of {shape.name} ({shape.object.prefix}...)")
        return id_

    def _stored_field(self, shape: Shape, name: str) -> Field:
        if name.lower() not in shape.fields:
            raise ValueError(f"{shape.name} has no field {name!r}")
        return shape.stored(name)

    def _found_org(self) -> None:
        """Makes the rows no org is without: the user the API runs as, and the organization."""
        self.user_id = _API_USER_ID
        if self.tables.get("User", self.user_id) is None:
            self.put("User", _API_USER, self.user_id)
        if not self.tables.count("Organization"):
            self.put("Organization", _ORGANIZATION, self._new_org_id)
        if not self.tables.count("BusinessHours"):
            self.put("BusinessHours", ROUND_THE_CLOCK)
        for name, rows in (("OpportunityStage", stages()), ("LeadStatus", statuses())):
            if not self.tables.count(name):
                for row in rows:
                    self.put(name, row)


def _place(key: str) -> tuple[str, str]:
    object_, _, name = key.partition(".")
    return object_, name


def new_token(org_id: str) -> str:
    """An access token that looks like one of Salesforce's: the org, a mark, then noise."""
    return f"{org_id[:15]}!AQ{secrets.token_urlsafe(60)}"


def defaults(shape: Shape, given: Row, before: Row) -> Row:
    """What a new record gets in the fields that bring their own value; {} for an existing one."""
    if before:
        return {}
    return {
        field.name: field.default
        for field in shape.fields.values()
        if field.default is not None and given.get(field.name) is None
    }


def _set_stamps(
    shape: Shape, row: Row, changes: Row, before: Row, stamp: str, user_id: str
) -> None:
    """Stamps as given, else now; a backdated creation backdates the change, and that the modstamp."""
    moved = "LastModifiedDate" in changes or "SystemModstamp" in changes
    if not before:
        row["CreatedDate"] = changes.get("CreatedDate") or stamp
        row["LastModifiedDate"] = changes.get("LastModifiedDate") or row["CreatedDate"]
        row["CreatedById"] = changes.get("CreatedById") or user_id
        row["SystemModstamp"] = changes.get("SystemModstamp") or row["LastModifiedDate"]
    elif not moved:
        row["LastModifiedDate"] = row["SystemModstamp"] = stamp
    row["LastModifiedById"] = changes.get("LastModifiedById") or user_id
    # SystemModstamp is never before LastModifiedDate: help.salesforce.com 000387261 (read 2026-11).
    row["SystemModstamp"] = max(row["SystemModstamp"], row["LastModifiedDate"])
    if "ownerid" in shape.fields and not row.get("OwnerId"):
        row["OwnerId"] = user_id


_API_USER = {
    "Username": "integration@sandbox.example",
    "FirstName": "Integration",
    "LastName": "User",
    "Email": "integration@sandbox.example",
    "Alias": "integ",
}
_ORGANIZATION = {"Name": "crmsync sandbox", "InstanceName": "SBX1", "Country": "ES"}
