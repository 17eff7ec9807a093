"""Bad input: each ends in a clear error or a finding with what helps, and nothing is lost by it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from apply.pairs import MORNING, Pair, cells, key_of, met
from cli.places import Said

from connectors import paired
from connectors.paired import Crm, journal
from connectors.sandboxes import Sandbox
from connectors.trapping import updating
from crmsync.commands.plan import is_quiet
from crmsync.connectors.files.connector import open_connector as open_files
from crmsync.connectors.salesforce.connector import SalesforceConnector
from crmsync.core.planning import Unfit
from crmsync.errors import ConfigInvalid, ExitCode
from crmsync.sandbox.salesforce.declaring import declare
from crmsync.testing.proxy import Proxy

ODD_TEXT = 'first\r\nsecond\n"third", fourth\u2028fifth\u0085sixth\ttab'
CREATES = (
    "{system: salesforce, object: Contact, create: never}",
    "{system: salesforce, object: Contact, create: {when: {email: present, last_name: present}}}",
)


crm, nothing, pair, servers = paired.crm, paired.nothing, paired.pair, paired.servers


def failed(said: Said, code: ExitCode, *words: str) -> None:
    assert said.code == code, said.err + said.out
    assert "Traceback" not in said.err
    for word in words:
        assert word in said.err + said.out


def test_an_org_without_a_mapped_field_is_named_with_the_nearest(pair: Pair, crm: Crm) -> None:
    pair.mapping("contact", ("salesforce: Title", "salesforce: Titel"))
    # A field that is not there cannot be told from one that is hidden, and 8 comes before 3.
    failed(crm("doctor"), ExitCode.ACCESS, "Titel", "Title")
    failed(crm("pull"), ExitCode.CONFIG_INVALID, "Titel")
    assert not pair.writes()


def test_a_field_that_the_user_may_not_see_any_more_blanks_nothing(pair: Pair, crm: Crm) -> None:
    ids = met(pair, "Ana")
    pair.night()
    pair.forget_requests()
    pair.servers.salesforce.hide_field("Contact", "Title")
    assert "Title" in crm("doctor").out
    plan = pair.plan()
    assert not {cell for cell in cells(plan) if cell[1] == "job_title"}
    pair.apply()
    assert pair.of_hubspot("contacts", ids[1])["jobtitle"] == "Analyst"
    assert not pair.writes()
    pair.servers.salesforce.show_field("Contact", "Title")
    assert is_quiet(pair.plan())


def test_another_org_than_last_time_is_refused_before_anything_is_read(
    pair: Pair, crm: Crm
) -> None:
    met(pair, "Ana")
    pair.pull()
    with pair.workspace.store() as store:
        store.pin("salesforce", "00D000000000zzzAAA", pair.watch())
    pair.forget_requests()
    said = crm("pull")
    failed(said, ExitCode.CONFIG_INVALID, "00D000000000zzzAAA", pair.servers.salesforce.org_id)
    assert not [each for each in pair.requests() if "FROM+Contact" in str(each.get("query"))]
    assert not pair.writes()


def test_an_owner_that_is_no_user_there_is_a_finding_of_the_plan(pair: Pair) -> None:
    ids = met(pair, "Ana")
    pair.night()
    stranger = pair.servers.hubspot.put("owners", {"email": "nobody@there.example"})
    pair.hubspot("contacts", ids[1], hubspot_owner_id=stranger)
    plan = pair.plan()
    [unfit] = [line for line in plan.lines if isinstance(line, Unfit)]
    assert (unfit.field, unfit.system, unfit.reason) == ("owner", "salesforce", "unfit_owner")
    assert not {cell for cell in cells(plan) if cell[1] == "owner"}


def test_an_owner_who_leaves_before_the_write_is_named_and_the_rest_is_written(pair: Pair) -> None:
    ids = met(pair, "Ana")
    pair.night()
    mail = "leaving@sales.example"
    user = pair.salesforce("User", LastName="Gone", Email=mail, IsActive=True)
    owner = pair.servers.hubspot.put("owners", {"email": mail})
    pair.hubspot("contacts", ids[1], hubspot_owner_id=owner, jobtitle="Chair")
    pair.plan()
    pair.salesforce("User", user, IsActive=False)
    pair.apply()
    state, message = journal(pair)["salesforce"]
    assert state == "FAILED"
    assert "INACTIVE_OWNER_OR_USER" in message
    assert pair.of_salesforce("Contact", ids[0])["Title"] == "Chair"
    key = key_of(pair, "contact", ids[0])
    assert pair.base("contact", key)["salesforce"]["owner"] != mail


def test_ids_of_15_characters_lead_to_the_same_records(pair: Pair) -> None:
    one = pair.salesforce("Contact", LastName="Ruiz", Email="one@people.example")
    other = pair.hubspot(
        "contacts", lastname="Ruiz", email="other@people.example", salesforcecontactid=one[:15]
    )
    pair.night(None)
    assert key_of(pair, "contact", one) == key_of(pair, "contact", other)


def test_a_text_with_every_kind_of_line_end_settles_and_keeps_its_words(pair: Pair) -> None:
    ids = met(pair, "Ana")
    pair.night()
    pair.salesforce("Contact", ids[0], MailingStreet=ODD_TEXT)
    pair.night()
    assert pair.of_hubspot("contacts", ids[1])["address"].split() == ODD_TEXT.split()
    assert pair.of_salesforce("Contact", ids[0])["MailingStreet"] == ODD_TEXT
    assert is_quiet(pair.plan())


@pytest.mark.parametrize("text", [ODD_TEXT, "nul\x00in", "  ends  "])
def test_a_text_that_salesforce_holds_is_read_as_it_is(
    open_salesforce: Callable[..., SalesforceConnector], sandbox: Sandbox, text: str
) -> None:
    one = sandbox.salesforce.put("Contact", {"LastName": "Odd", "Description": text})
    connector = open_salesforce()
    assert connector.get("Contact", [one], ["Description"])[one] == {"Description": text}
    rows = [row for b in connector.read("Contact", ["Description"]) for row in b.to_pylist()]
    assert [row["Description"] for row in rows if row["_id"] == one] == [text]
    [result] = connector.write("Contact", [updating(one, Description=text + "!")])
    assert result.outcome == "written", result.message


@pytest.mark.parametrize("end", ["\n", "\r\n", " ", "\t"])
def test_a_token_with_a_line_end_is_taken_without_it_or_refused_clearly(
    open_salesforce: Callable[..., SalesforceConnector],
    sandbox: Sandbox,
    salesforce_proxy: Proxy,
    end: str,
) -> None:
    token = sandbox.access["salesforce"]["token"]
    connector = open_salesforce(token=token + end)
    assert connector.whoami().id
    assert {one.headers["authorization"] for one in salesforce_proxy.seen} == {f"Bearer {token}"}


def test_a_token_with_a_line_end_within_it_is_refused_and_never_shown(
    open_salesforce: Callable[..., SalesforceConnector], sandbox: Sandbox
) -> None:
    token = sandbox.access["salesforce"]["token"]
    with pytest.raises(ConfigInvalid) as raised:
        open_salesforce(token=token[:20] + "\n" + token[20:]).whoami()
    assert "it is one line" in raised.value.problems[0].remedy
    assert token[20:] not in str(raised.value)


def test_a_value_that_the_picklist_there_does_not_know_is_a_finding_of_the_plan(pair: Pair) -> None:
    from apply.crowd import give_tiers, offer_tiers

    give_tiers(pair)
    ids = met(pair, "Ana")
    pair.night()
    offer_tiers(pair, "Gold")
    pair.hubspot("contacts", ids[1], tier="silver", jobtitle="Chair")
    plan = pair.plan()
    [unfit] = [line for line in plan.lines if isinstance(line, Unfit)]
    assert (unfit.field, unfit.system, unfit.value) == ("tier", "salesforce", "silver")
    pair.apply()
    assert pair.of_salesforce("Contact", ids[0])["Title"] == "Chair"


def test_a_required_field_that_the_mapping_does_not_fill_is_named_and_nobody_is_lost(
    pair: Pair,
) -> None:
    org = pair.servers.salesforce
    org.define_field("Contact", "Tax_office__c", "string", length=20, nillable=False)
    pair.mapping("contact", CREATES)
    pair.hubspot("contacts", lastname="Gil", email="gil@people.example")
    applied = pair.night()
    assert applied.exit_code == ExitCode.PARTIAL
    state, message = journal(pair)["salesforce"]
    assert state == "FAILED"
    assert "Tax_office__c" in message
    org.drop_field("Contact", "Tax_office__c")
    assert pair.night().states == {"VERIFIED": 1}


def test_an_export_with_such_cells_gives_whole_rows(tmp_path: Path) -> None:
    cells = ["line\none", "para\u2028graph", "next\u0085line", "form\x0cfeed", "nul\x00in"]
    quoted = [text.replace('"', '""') for text in cells]
    rows = "".join(f'00300000000000{at}AAA,"{text}"\r\n' for at, text in enumerate(quoted))
    (tmp_path / "contacts.csv").write_text("Id,LastName\r\n" + rows, "utf-8", newline="")
    settings = {"folder": str(tmp_path), "objects": {"Contact": {"file": "contacts.csv"}}}
    connector = open_files("crm", settings, now=MORNING, writes=False)
    read = [row for b in connector.read("Contact", ["LastName"]) for row in b.to_pylist()]
    assert [row["LastName"] for row in read] == cells


def test_a_record_that_is_there_already_is_told_by_plan_and_explain(pair: Pair, crm: Crm) -> None:
    rule = {"kind": "duplicate", "object": "Contact", "name": "DR", "match": ["MobilePhone"]}
    pair.mapping("contact", CREATES)
    there = pair.salesforce("Contact", LastName="Gil", MobilePhone="+34600111222")
    mail, name = "gil@people.example", "Gil"
    pair.hubspot("contacts", lastname=name, email=mail, mobilephone="+34600111222")
    declare(pair.servers.salesforce, rule)
    assert crm("sync").code == ExitCode.PARTIAL
    words = ("Salesforce says that it holds this record already", f"salesforce/Contact/{there}")
    failed(crm("plan"), ExitCode.OK, *words)
    failed(crm("explain", mail), ExitCode.OK, *words)
    assert "ya tiene este registro" in crm("explain", mail, "--lang", "es").out
