"""Two customers are merged in a CRM while it is read: nobody gets what is another one's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from apply.pairs import Pair, Servers, met, put_back
from crmsync.commands.plan import changes_of, make_plan
from crmsync.core.planning import Held
from crmsync.sandbox.hubspot.merging import merge
from crmsync.sandbox.hubspot.objects import OBJECTS
from crmsync.sandbox.salesforce.becoming import merge_records
from crmsync.sandbox.salesforce.switches import set_switch
from crmsync.testing.proxy import Reply, Seen, proxied


@pytest.mark.slow_but("False-0--1")
@pytest.mark.parametrize(("keeps", "primary", "other"), [(False, 0, -1), (True, -1, 0)])
def test_a_merge_during_a_read_waits_for_a_person_and_nobody_gets_another_ones_values(
    servers: Servers,
    nothing: dict[str, Any],
    tmp_path: Path,
    keeps: bool,
    primary: int,
    other: int,
) -> None:
    put_back(servers, nothing)
    servers.hubspot.switches.merge_keeps_primary = keeps
    with proxied(servers.urls["hubspot"]) as proxy:
        pair = Pair(servers, tmp_path / "w", urls={**servers.urls, "hubspot": proxy.url})
        ids = [met(pair, f"N{at}") for at in range(120)]
        pair.night()
        pair.hubspot("contacts", ids[primary][1], jobtitle="Chair")
        left: list[str] = []

        def fault(seen: Seen, forward: Any) -> Reply:
            reply: Reply = forward()
            if not left and "contacts?" in seen.path:
                pair_ = ids[primary][1], ids[other][1]
                left.append(merge(servers.hubspot.portal, OBJECTS["contacts"], *pair_))
            return reply

        proxy.only, proxy.always = "archived=False", fault
        assert pair.pull().complete
        plan = make_plan(pair.workspace, to=pair.plan_file)
    assert left
    # The survivor's own news are their own customer's, where they kept their id.
    own = [(ids[primary][0], "job_title")] if keeps else []
    changes = changes_of(plan)
    assert [(each.native_id, cell.field) for each in changes for cell in each.cells] == own
    held = [line for line in plan.lines if isinstance(line, Held) and line.reason == "needs_merge"]
    there = {f"salesforce/Contact/{ids[at][0]}" for at in (primary, other)}
    assert [set(line.refs) for line in held] == [{f"hubspot/contacts/{left[0]}", *there}]


@pytest.mark.parametrize(("kept", "lost"), [(-1, 0), (0, -1)])
def test_a_merge_in_salesforce_during_a_read_waits_for_a_person_and_the_survivors_news_stay_there(
    servers: Servers, nothing: dict[str, Any], tmp_path: Path, kept: int, lost: int
) -> None:
    """Who came with the first page came for good, whatever the bin says by then."""
    put_back(servers, nothing)
    org = servers.salesforce
    with proxied(servers.urls["salesforce"]) as proxy:
        pair = Pair(servers, tmp_path / "w", urls={**servers.urls, "salesforce": proxy.url})
        ids = [met(pair, f"N{at}") for at in range(10)]
        pair.night()
        set_switch(org.tables, "most_page_rows", 3)
        done: list[str] = []

        def fault(seen: Seen, forward: Any) -> Reply:
            reply: Reply = forward()
            if not done and b"/sobjects/Contact/" in reply.body:
                winner, loser = ids[kept][0], ids[lost][0]
                merge_records(org, {"object": "Contact", "winner": winner, "losers": [loser]})
                org.put("Contact", {"Title": "Chair"}, winner)
                done.append(loser)
            return reply

        proxy.only, proxy.always = "/query/", fault
        assert pair.pull().complete
        plan = make_plan(pair.workspace, to=pair.plan_file)
    assert done
    own = [(ids[kept][1], "job_title")] if kept else []
    changes = changes_of(plan)
    assert [(each.native_id, cell.field) for each in changes for cell in each.cells] == own
    held = [line for line in plan.lines if isinstance(line, Held) and line.reason == "needs_merge"]
    there = {f"hubspot/contacts/{ids[at][1]}" for at in (kept, lost)}
    assert [set(line.refs) for line in held] == [{f"salesforce/Contact/{ids[kept][0]}", *there}]
