"""What the tests of proposed roles share: deals that name nobody, and who may belong to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from crmsync.core.mapping import Entity, WorkspaceMapping
from crmsync.core.roles import RoleProposal
from crmsync.warehouse.audit_db import build_face
from crmsync.warehouse.role_proposals import read_role_proposals
from warehouse.shelf import Row, columns_over, reference_mapping, stored

Given = Mapping[str, Any]
WON = {"IsWon": "true", "IsClosed": "true", "CloseDate": "2026-11-10"}
BORN = "2025-03-01T09:00:00.000Z"


def deal(id_: str = "006A", **more: str) -> Row:
    """A won opportunity of Acme, 1000 euros."""
    usual = {"Name": f"Deal {id_}", "AccountId": "001A", "Amount": "1000", "CurrencyIsoCode": "EUR"}
    return {"_id": id_, "_created_at": "2026-09-01T09:00:00.000Z", **usual, **WON, **more}


def person(id_: str, account: str | None = "001A", **more: str | None) -> Row:
    usual = {"FirstName": f"Ana{id_}", "LastName": "Gil", "Email": f"{id_}@acme.example".lower()}
    return {"_id": id_, "_created_at": BORN, "AccountId": account, **usual, **more}


def org(*people: Row, deals: Sequence[Row] | None = None, **more: Sequence[Row]) -> dict[str, Any]:
    """An org with Acme and Umbra, some contacts, and one won deal of Acme without a role."""
    accounts = [{"_id": "001A", "Name": "Acme"}, {"_id": "001B", "Name": "Umbra"}]
    return {
        "Account": accounts,
        "Contact": list(people),
        "Opportunity": [deal()] if deals is None else list(deals),
        **more,
    }


def ran(deal_id: str, *contacts: str, at: str = "2026-10-05T09:00:00.000Z", **more: str) -> Row:
    """A call that is tied to a deal and some contacts."""
    about = ";".join([f"Opportunity|{deal_id}", *(f"Contact|{each}" for each in contacts)])
    usual = {"kind": "call", "state": "closed", "precision": "instant", "created_at": at}
    return {"id": f"00T{deal_id}{at[5:10]}", "about": about, "happened_at": at, **usual, **more}


def converted(contact: str, deal_id: str, id_: str = "00QA") -> Row:
    return {
        "_id": id_, "LastName": "Gil", "IsConverted": "true", "ConvertedDate": "2026-09-01",
        "ConvertedContactId": contact, "ConvertedOpportunityId": deal_id,
    }  # fmt: skip


def answered(contact: str, on: str = "2026-06-01", **more: str) -> Row:
    usual = {"campaign_id": "701A", "object": "Contact", "responded": "true", "responded_on": on}
    return {"id": f"00v{contact}{on}", "record_id": contact, **usual, **more}


FIELDS = {
    "contact": (
        "email",
        "first_name",
        "last_name",
        "company",
        "lifecycle_stage",
        "lead_status",
        "opted_out",
    ),
    "deal": ("name", "amount", "currency", "close_date", "stage", "company", "is_won", "is_closed"),
    "company": ("name", "domain", "parent"),
}


def mapping_of(fields: Mapping[str, Sequence[str]], *match: str) -> WorkspaceMapping:
    """The reference mapping with these fields only: a face of few fields is built more quickly."""
    mapping = reference_mapping()
    entities = tuple(
        replace(
            each,
            fields=[f for f in each.fields if f.field in fields[each.entity]],
            match=marks(each, match),
        )
        for each in mapping.entities
    )
    return replace(mapping, entities=entities)


def marks(entity: Entity, match: Sequence[str]) -> list[str | list[str]]:
    """The marks of `match` that an entity has a field for."""
    known = {"key", "native_link", *FIELDS[entity.entity]}
    return [each for each in match if each in known]


FEW = mapping_of(FIELDS, "key", "native_link", "email", "domain")


@contextmanager
def faced(
    folder: Path,
    salesforce: Given,
    hubspot: Given | None = None,
    mapping: WorkspaceMapping | None = None,
) -> Iterator[tuple[Path, set[str]]]:
    rows = {"salesforce": salesforce, "hubspot": hubspot or {}}
    mapping = mapping or FEW
    with columns_over(stored(folder, rows, mapping), mapping) as columns:
        file = folder / "face.duckdb"
        yield file, build_face(columns, file, handoffs=False, roles=True)


def proposed(folder: Path, salesforce: Given, hubspot: Given | None = None) -> list[RoleProposal]:
    with faced(folder, salesforce, hubspot) as (file, _):
        return read_role_proposals(file)


def told(found: Sequence[RoleProposal]) -> list[tuple[Any, ...]]:
    return [(each.deal.id, each.contact_id, each.grade, each.evidence, each.step) for each in found]


def portal(*contacts: str, **more: str) -> dict[str, Any]:
    """The same deal in HubSpot, with those contacts on it."""
    rows = [{"_id": f"1{each[-1]}", "email": f"{each}@acme.example".lower(), "firstname": "Ana", "lastname": "Gil"}
            for each in contacts]  # fmt: skip
    ties = [{"from_id": "7", "to_id": row["_id"]} for row in rows]
    linked = {
        "hs_salesforceopportunityid": "006A",
        "hs_is_closed_won": "true",
        "hs_is_closed": "true",
    }
    return {
        "contacts": rows,
        "deals": [{"_id": "7", "dealname": "Deal 006A", **linked, **more}],
        "deals.contacts": ties,
    }
