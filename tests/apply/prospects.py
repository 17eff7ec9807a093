"""A lead that HubSpot knows, what becomes of it, and what a plan says of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from apply.pairs import Pair, key_of
from crmsync.commands.plan import changes_of, is_quiet
from crmsync.commands.planfile import Plan
from crmsync.core.planning import AliasLine, Held
from crmsync.sandbox.salesforce.becoming import convert_lead

EMAIL = "ana@people.example"
SAME = {"phone": "+34911234567", "jobtitle": "Analyst"}


@dataclass(frozen=True)
class Prospect:
    """A lead and the HubSpot contact it is linked to, settled."""

    pair: Pair
    lead: str
    hubspot: str
    key: str

    def converts(self, **how: Any) -> str:
        """The id of the contact that the lead became."""
        made = convert_lead(self.pair.servers.salesforce, {"lead": self.lead, **how})
        return str(made["contact"])

    def links(self) -> list[tuple[str, str]]:
        with self.pair.workspace.store() as store:
            refs = store.links_of("contact", [self.key])[self.key]
        return [(ref.object, ref.id) for ref in refs]

    def at_hubspot(self, name: str) -> Any:
        return self.pair.of_hubspot("contacts", self.hubspot).get(name)


def lead_of(pair: Pair, **more: Any) -> str:
    values = {"FirstName": "Ana", "LastName": "Ruiz", "Company": "Acme", "Email": EMAIL}
    return pair.salesforce(
        "Lead", **{**values, "Phone": "+34911234567", "Title": "Analyst", **more}
    )


def in_hubspot(pair: Pair, **more: Any) -> str:
    return pair.hubspot(
        "contacts", **{"firstname": "Ana", "lastname": "Ruiz", "email": EMAIL, **SAME, **more}
    )


@pytest.fixture
def prospect(pair: Pair) -> Prospect:
    lead, contact = lead_of(pair), in_hubspot(pair)
    pair.night()
    assert is_quiet(pair.plan())
    pair.forget_requests()
    return Prospect(pair, lead, contact, key_of(pair, "contact", lead))


def aliases(plan: Plan) -> list[tuple[str, str, str, bool]]:
    lines = [line for line in plan.lines if isinstance(line, AliasLine)]
    return [(line.old, line.survivor.object, line.new, line.anew) for line in lines]


def asked(plan: Plan) -> list[tuple[str, tuple[str, ...]]]:
    return [
        (line.reason, line.refs) for line in plan.lines if isinstance(line, Held) and not line.key
    ]


def created(plan: Plan) -> list[str]:
    return [change.system for change in changes_of(plan) if change.action == "create"]
