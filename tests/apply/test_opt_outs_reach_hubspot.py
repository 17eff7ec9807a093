"""An opt-out reaches HubSpot, whatever happens on the way, and is never taken back there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from apply.pairs import Pair, Person, change_to, met
from crmsync.commands.ending import ending_lines
from crmsync.commands.items import beside
from crmsync.commands.plan import is_quiet
from crmsync.connectors.base import WriteResult
from crmsync.core.planning import Unfit
from crmsync.errors import ExitCode
from crmsync.sandbox.hubspot import consent
from crmsync.sandbox.hubspot.contact_properties import SUBSCRIPTIONS
from crmsync.sandbox.hubspot.records import archive
from crmsync.store.rows import RefusedRow
from crmsync.testing.proxy import Fault, Reply, Seen, drops, loses, proxied, says

OUT, NEW = "hs_email_optout", "new@people.example"
TYPE = str(SUBSCRIPTIONS[0][0])
OUT_OF_ONE = f"{OUT}_{TYPE}"
FORBIDDEN = says(403, {"category": "MISSING_SCOPES", "message": "no scope", "context": {}})


def is_out(pair: Pair, email: str) -> bool:
    return bool(consent.consent_of(pair.servers.hubspot.portal, email)["all"])


@pytest.mark.slow_but("False")
@pytest.mark.parametrize("as_property", [False, True])
def test_it_goes_through_communication_preferences_and_is_read_back(
    person: Person, as_property: bool
) -> None:
    pair = person.pair
    pair.servers.hubspot.switches.writable_optout = as_property
    person.in_salesforce(HasOptedOutOfEmail=True)
    assert pair.night().states == {"VERIFIED": 1}
    assert is_out(pair, "ana@people.example")
    assert person.at_hubspot(OUT) == "true"
    [path] = pair.writes()
    assert path.endswith("/unsubscribe-all")
    assert is_quiet(pair.plan())


@pytest.mark.slow
def test_an_address_that_changes_the_same_night_is_opted_out_too(person: Person) -> None:
    """Consent goes first, to the old address; the new one must not be mailed for a day."""
    pair = person.pair
    person.in_salesforce(HasOptedOutOfEmail=True, Email="new@people.example")
    pair.night()
    assert person.at_hubspot("email") == "new@people.example"
    assert person.at_hubspot(OUT) == "true"
    assert is_out(pair, "new@people.example")
    assert is_quiet(pair.plan())


def test_a_new_contact_is_never_there_without_it_in_the_end(pair: Pair) -> None:
    pair.salesforce("Contact", LastName="Gil", Email="gil@people.example", HasOptedOutOfEmail=True)
    assert pair.night().states == {"VERIFIED": 1}
    assert is_out(pair, "gil@people.example")
    assert is_quiet(pair.plan())


@pytest.mark.slow
@pytest.mark.parametrize("fault", [drops, loses])
def test_an_answer_that_was_lost_is_looked_up_by_resume(person: Person, fault: Fault) -> None:
    pair = person.pair
    person.in_salesforce(HasOptedOutOfEmail=True)
    pair.plan()
    real, file = pair.servers.urls["hubspot"], pair.folder / "crmsync.yml"
    with proxied(real) as hubspot:
        hubspot.only, hubspot.faults = "unsubscribe-all", [fault]
        file.write_text(file.read_text().replace(real, hubspot.url))
        pair.reopen()
        applied = pair.apply()
        file.write_text(file.read_text().replace(hubspot.url, real))
    pair.reopen()
    assert (applied.exit_code, applied.states) == (ExitCode.PARTIAL, {"AMBIGUOUS": 1})
    pair.forget_requests()
    assert pair.resume().states == {"VERIFIED": 1}
    assert len(pair.writes()) == (1 if fault is drops else 0)
    assert is_out(pair, "ana@people.example")


def test_killed_between_the_address_and_its_opt_out_the_next_run_finishes(pair: Pair) -> None:
    pair.salesforce("Contact", LastName="Gil", Email="gil@people.example", HasOptedOutOfEmail=True)
    pair.plan()
    real, file = pair.servers.urls["hubspot"], pair.folder / "crmsync.yml"

    with proxied(real) as hubspot:
        hubspot.only, hubspot.always = "unsubscribe-all", drops
        file.write_text(file.read_text().replace(real, hubspot.url))
        pair.reopen()
        assert pair.apply().states == {"AMBIGUOUS": 1}
        file.write_text(file.read_text().replace(hubspot.url, real))
    pair.reopen()
    assert not is_out(pair, "gil@people.example")
    assert pair.resume().states == {"VERIFIED": 1}
    assert is_out(pair, "gil@people.example")
    assert pair.servers.hubspot.tables.count("contacts") == 1


@contextmanager
def between(pair: Pair, fault: Fault, only: str) -> Iterator[None]:
    """A block in which something stands between crmsync and some calls to HubSpot."""
    real, file = pair.servers.urls["hubspot"], pair.folder / "crmsync.yml"
    with proxied(real) as hubspot:
        hubspot.only, hubspot.always = only, fault
        file.write_text(file.read_text().replace(real, hubspot.url))
        pair.reopen()
        yield
        file.write_text(file.read_text().replace(hubspot.url, real))
    pair.reopen()


@pytest.fixture
def out_person(request: pytest.FixtureRequest, person: Person) -> Person:
    """Somebody who opted out, of everything or of one subscription that no mapping knows, and has a new address."""
    portal = person.pair.servers.hubspot.portal
    if getattr(request, "param", OUT_OF_ONE) == OUT:
        person.in_salesforce(HasOptedOutOfEmail=True)
    else:
        consent.set_status(portal, "ana@people.example", TYPE, consent.UNSUBSCRIBED, {})
    person.pair.night()
    person.in_salesforce(Email=NEW, Title="Chair")
    person.pair.plan()
    return person


def is_out_of_one(person: Person, email: str) -> bool:
    status = consent.status_of(person.pair.servers.hubspot.portal, email, TYPE)
    return status == consent.UNSUBSCRIBED


@pytest.mark.slow
@pytest.mark.parametrize("out_person", [OUT, OUT_OF_ONE], indirect=True)
def test_an_opt_out_that_may_not_follow_holds_the_new_address_back_until_it_may(
    out_person: Person,
) -> None:
    pair = out_person.pair
    with between(pair, FORBIDDEN, "communication-preferences"):
        applied = pair.apply()
    assert (applied.exit_code, applied.states) == (ExitCode.PARTIAL, {"FAILED": 1})
    assert any("could not go ahead" in reason for _, reason in applied.reasons)
    assert out_person.at_hubspot("email") == "ana@people.example"
    assert out_person.at_hubspot("jobtitle") == "Chair"
    assert pair.night().states == {"VERIFIED": 1}
    assert out_person.at_hubspot("email") == NEW
    assert is_out_of_one(out_person, NEW)
    assert is_quiet(pair.plan())


@pytest.mark.slow_but("drops-communication-preferences")
@pytest.mark.parametrize("only", ["communication-preferences", "/batch/update"])
@pytest.mark.parametrize("fault", [drops, loses])
def test_a_new_address_is_never_there_without_its_opt_out_wherever_it_ends(
    out_person: Person, fault: Fault, only: str
) -> None:
    pair = out_person.pair
    with between(pair, fault, only):
        assert pair.apply().states == {"AMBIGUOUS": 1}
    assert out_person.at_hubspot("email") == "ana@people.example" or is_out_of_one(out_person, NEW)
    assert pair.resume().states == {"VERIFIED": 1}
    assert out_person.at_hubspot("email") == NEW
    assert is_out_of_one(out_person, NEW)
    assert is_quiet(pair.plan())


@pytest.mark.slow
@pytest.mark.parametrize("out_person", [OUT, OUT_OF_ONE], indirect=True)
@pytest.mark.parametrize("fault", [None, FORBIDDEN, drops, loses])
def test_an_address_that_a_stranger_leaves_between_look_and_write_waits_a_night(
    out_person: Person, fault: Fault | None
) -> None:
    """Written then, it would be there without its opt-out, for which it is too late to fail."""
    pair = out_person.pair
    ids: list[str] = []

    def comes_and_goes(seen: Seen, forward: Callable[[], Reply]) -> Reply:
        if b'"idProperty": "email"' in seen.body and not ids:
            ids.append(pair.hubspot("contacts", email=NEW))
        if seen.path.endswith("/batch/update"):
            pair.hubspot("contacts", ids[0], email="bea@people.example")
        is_consent = "communication-preferences" in seen.path
        return fault(seen, forward) if fault and is_consent else forward()

    with between(pair, comes_and_goes, ""):
        applied = pair.apply()
    assert out_person.at_hubspot("email") == "ana@people.example"
    assert out_person.at_hubspot("jobtitle") == "Chair"
    assert (applied.exit_code, applied.states) == (ExitCode.PARTIAL, {"FAILED": 1})
    [(state, reason)] = applied.reasons
    assert (state, "could not go ahead" in reason) == ("FAILED", True)
    assert not pair.refused("contact")
    out_person.in_salesforce(FirstName="Ana")
    assert pair.night().states == {"VERIFIED": 1}
    assert out_person.at_hubspot("email") == NEW
    assert is_out_of_one(out_person, NEW)


@pytest.mark.slow
def test_an_address_that_a_stranger_keeps_is_told_and_not_asked_for_every_night(
    out_person: Person,
) -> None:
    pair = out_person.pair
    stranger = pair.hubspot("contacts", email=NEW)
    applied = pair.apply()
    assert (applied.exit_code, applied.states) == (ExitCode.PARTIAL, {"FAILED": 1})
    assert out_person.at_hubspot("email") == "ana@people.example"
    assert not is_out_of_one(out_person, NEW)
    assert len(pair.refused("contact")) == 1
    archive(pair.servers.hubspot.portal, "contacts", stranger)
    pair.night()
    assert out_person.at_hubspot("email") == NEW
    assert is_out_of_one(out_person, NEW)


def test_an_opt_out_refused_in_a_second_attempt_is_named_beside_what_was_refused_first() -> None:
    """Otherwise it passes for taken and not kept, and would not be sent again."""
    first = WriteResult("c", "refused", message="no such option", fields=("jobtitle",))
    second = WriteResult("c", "written", "1", True, message="no scope", fields=(OUT,))
    told = beside(second, first)
    assert (told.outcome, told.native_id, told.created) == ("written", "1", True)
    assert told.fields == ("jobtitle", OUT)
    assert told.message == "no such option; no scope"


@pytest.mark.slow
def test_a_contact_without_an_address_is_told_and_the_rest_goes_on(pair: Pair) -> None:
    ids = met(pair, "Ana")
    pair.night()
    pair.hubspot("contacts", ids[1], email="")
    pair.salesforce("Contact", ids[0], Email=None, HasOptedOutOfEmail=True, Title="Chair")
    applied = pair.night()
    assert applied.states["FAILED"] == 1
    assert any("no e-mail address" in reason for _, reason in applied.reasons)
    assert pair.of_hubspot("contacts", ids[1])["jobtitle"] == "Chair"


@pytest.mark.slow
def test_a_mapping_that_would_take_one_back_writes_nothing_there(person: Person) -> None:
    """With another policy than `sticky`, `false` is a value that HubSpot does not keep: a finding."""
    pair = person.pair
    names = "hubspot: hs_email_optout}\n    on_conflict: "
    pair.mapping("contact", (f"{names}sticky", f"{names}{{always: salesforce}}"))
    person.in_hubspot(**{OUT: "true"})
    plan = pair.plan()
    [unfit] = [line for line in plan.lines if isinstance(line, Unfit)]
    assert (unfit.system, unfit.value, unfit.reason) == ("hubspot", "false", "unfit_option")
    pair.apply()
    assert person.at_hubspot(OUT) == "true"
    assert not pair.writes()


@pytest.mark.slow
def test_the_cost_of_a_plan_counts_each_of_them(person: Person) -> None:
    from crmsync.commands.costing import cost_told

    pair = person.pair

    def cost(**values: object) -> int:
        person.in_salesforce(**values)
        plan = pair.plan()
        assert change_to(plan, "hubspot")
        return int(cost_told(pair.workspace, plan, "en").rpartition(" ")[2])

    assert cost(HasOptedOutOfEmail=True) == cost(HasOptedOutOfEmail=False, Title="Chair") + 1


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """A portal whose contacts show opt-outs after an hour is not waited for."""
    monkeypatch.setattr("crmsync.connectors.hubspot.consent.WAITS_S", (0.0,))


@pytest.mark.usefixtures("hurried")
def test_one_that_its_contact_shows_late_is_written_and_told_as_late(person: Person) -> None:
    pair = person.pair
    pair.servers.hubspot.switches.optout_lag = 7200
    person.in_salesforce(HasOptedOutOfEmail=True)
    applied = pair.night()
    assert (applied.exit_code, applied.states) == (ExitCode.OK, {"VERIFIED": 1})
    assert person.at_hubspot(OUT) is None
    [(state, reason)] = applied.reasons
    assert (state, "does not show it yet" in reason) == ("VERIFIED", True)
    assert not pair.refused("contact")


@pytest.mark.usefixtures("hurried")
def test_one_that_is_late_the_next_night_too_goes_again_and_is_not_called_refused(
    person: Person,
) -> None:
    pair = person.pair
    pair.servers.hubspot.switches.optout_lag = 7200
    person.in_salesforce(HasOptedOutOfEmail=True)
    pair.night()
    plan = pair.plan()
    assert not [line for line in plan.lines if isinstance(line, Unfit)]
    assert not plan.header.breaches
    assert change_to(plan, "hubspot").cells[0].after == "true"
    assert pair.apply().states == {"VERIFIED": 1}
    pair.servers.hubspot.clock.advance(7200)
    assert is_quiet(pair.plan())
    assert person.at_hubspot(OUT) == "true"


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (says(200, {"status": "COMPLETE", "results": []}), "does not hold it"),
        (FORBIDDEN, "could not say whether it holds"),
        (says(200, {"status": "COMPLETE"}), "could not say whether it holds"),
    ],
)
def test_one_that_nobody_confirms_is_told_and_goes_again(
    person: Person, fault: Fault, said: str
) -> None:
    pair = person.pair
    pair.servers.hubspot.switches.optout_lag = 7200
    person.in_salesforce(HasOptedOutOfEmail=True)
    pair.plan()

    def asked(seen: Seen, forward: Callable[[], Reply]) -> Reply:
        return fault(seen, forward) if seen.method == "GET" else forward()

    with between(pair, asked, "communication-preferences"):
        applied = pair.apply()
    assert (applied.exit_code, applied.states) == (ExitCode.PARTIAL, {"FAILED": 1})
    assert any(said in reason for _, reason in applied.reasons)
    assert not pair.refused("contact")
    assert change_to(pair.plan(), "hubspot").cells[0].after == "true"


def test_one_that_was_once_remembered_as_not_kept_goes_all_the_same(person: Person) -> None:
    pair = person.pair
    row = RefusedRow("contact", person.key, "hubspot", "opted_out", "true")
    with pair.workspace.store() as store:
        run = pair.workspace.new_run()
        store.start_run(run, "apply", pair.workspace.now())
        with store.transaction() as tx:
            tx.refuse(row, "taken, but not kept", run)
        store.finish_run(run, "done", pair.workspace.now(), counts={}, exit_code=0, calls={})
    person.in_salesforce(HasOptedOutOfEmail=True)
    assert pair.night().states == {"VERIFIED": 1}
    assert is_out(pair, "ana@people.example")


def test_a_missing_scope_is_named_and_where_to_see_them(person: Person) -> None:
    pair = person.pair
    person.in_salesforce(HasOptedOutOfEmail=True)
    pair.plan()
    with between(pair, FORBIDDEN, "communication-preferences"):
        applied = pair.apply()
    assert (applied.exit_code, applied.states) == (ExitCode.PARTIAL, {"FAILED": 1})
    spanish = " ".join(ending_lines(applied, "es"))
    assert "al token le falta el ámbito communication_preferences.read_write" in spanish
    assert "crmsync scopes" in spanish
    assert "access" not in spanish
