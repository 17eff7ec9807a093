"""Both simulated CRMs with invented customers, in a process of its own, until it is told to stop.

`python -m benchmarks.serving CONTACTS COMPANIES DEALS [CLONES [SYSTEM]]` prints one JSON line of URLs and tokens when
ready. With CLONES that system (salesforce) has exactly so many contacts, all but the first copied from those under
other names; in hubspot each has the company of its model.
"""

from __future__ import annotations

import gc
import sys
from typing import Any

import orjson

from crmsync.sandbox.salesforce.ids import full_id
from crmsync.sandbox.salesforce.switches import set_switch
from crmsync.sandbox.seed import fill, generate
from crmsync.sandbox.server import serve


def main(
    contacts: int, companies: int, deals: int, clones: int = 0, system: str = "salesforce"
) -> None:
    """Serves on free ports of the loopback address."""

    def seed(salesforce: Any, hubspot: Any) -> None:
        gc.disable()  # millions of live rows: nothing to collect, and much to walk
        fill(salesforce, hubspot, generate(contacts=contacts, companies=companies, deals=deals))
        if system == "hubspot":
            _clone_hubspot(hubspot, clones)
        else:
            _clone(salesforce, clones)
        # On loopback packing takes longer than sending; unpacking stays the client's part.
        set_switch(salesforce.tables, "bulk_packing", 0)
        salesforce.daily_calls = 10_000_000  # no day of the benchmark ends early
        gc.collect()
        gc.freeze()
        gc.enable()

    serve(0, 0, seed, None, lambda access: print(orjson.dumps(access).decode(), flush=True))


def _clone(salesforce: Any, clones: int) -> None:
    """Contacts up to this number, names and addresses their own: what else they hold is shared memory."""
    models = [row for _, row in salesforce.tables.rows("Contact") if not row.get("IsDeleted")]
    for number in range(len(models), clones):
        row, id_ = models[number % len(models)], f"003Cb{number:010d}"
        changes = {"LastName": f"Number {number}", "Email": f"n{number}@people.example"}
        id_ = full_id(id_) or id_
        salesforce.tables.put("Contact", id_, {**row, "Id": id_, **changes})


def _clone_hubspot(hubspot: Any, clones: int) -> None:
    """The same for HubSpot, each tied to the company of its model."""
    portal, tables = hubspot.portal, hubspot.tables
    models = [(id_, row) for id_, row in tables.rows("contacts") if "archivedAt" not in row]
    tied = {id_: portal.ties.of("contacts", id_, "companies") for id_, _row in models}
    for number in range(len(models), clones):
        model, row = models[number % len(models)]
        id_, email = str(734_100_000_000 + number), f"n{number}@people.example"
        changes = {"lastname": f"Number {number}", "email": email, "hs_object_id": id_}
        tables.put("contacts", id_, {**row, "properties": {**row["properties"], **changes}})
        for company, types in tied[model].items():
            back = [portal.types[one].opposite for one in types]
            tables.put("association contacts companies", f"{id_}:{company}", {"types": list(types)})
            tables.put("association companies contacts", f"{company}:{id_}", {"types": back})
    portal.rebuild()


if __name__ == "__main__":
    numbers = [int(each) for each in sys.argv[1:5]]
    main(*numbers[:3], clones=sum(numbers[3:]), system="".join(sys.argv[5:6]) or "salesforce")
