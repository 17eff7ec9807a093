"""`crmsync state links`: who belongs together, by which rule and run, since when, and what was merged."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from cli.places import Said, crm_in

from apply.pairs import Pair, met
from apply.test_merges_are_followed import SURVIVOR, merge
from crmsync.commands.rendering import applied_as
from crmsync.commands.rendering_links import links_text
from crmsync.commands.state import Together
from crmsync.core.records import Ref
from crmsync.errors import ExitCode
from crmsync.language import choose
from crmsync.store.rows import KeptLink, LinkRow

Links = Callable[..., Said]


@pytest.fixture
def ask(pair: Pair, capsys: pytest.CaptureFixture[str]) -> Links:
    """Asks `crmsync state links` in the pair's workspace."""
    crm = crm_in(capsys)
    return lambda *words: crm("state", "links", *words, "--workspace", pair.folder)


@pytest.mark.slow
def test_each_record_comes_with_rule_run_date_and_approver(pair: Pair, ask: Links) -> None:
    ana = met(pair, "Ana")
    applied = pair.night()
    (told,) = ask("ana@people.example", "--json").json
    assert told["entity"] == "contact"
    assert [each["record"] for each in told["records"]] == [
        f"hubspot/contacts/{ana[1]}",
        f"salesforce/Contact/{ana[0]}",
    ]
    for each in told["records"]:
        assert (each["how"], each["run"], each["approver"]) == ("email", applied.run, "proof")
        assert each["since"].startswith("2026-11-20T")
    text = ask("ana@people.example").out
    for part in (told["key"], ana[0], "e-mail", applied.run, "approved by proof"):
        assert part in text


@pytest.mark.slow
def test_a_customer_is_found_by_every_name_it_has_or_had(pair: Pair, ask: Links) -> None:
    ana, _eva = met(pair, "Ana"), met(pair, "Eva")
    pair.night()
    merge(pair, ana[1])
    pair.night()
    (told,) = ask(SURVIVOR, "--json").json
    for who in (ana[0], ana[1], told["key"], told["key"][:8], "ANA@people.example"):
        assert ask(who, "--json").json == [told], who
    ((alias,), (first, _)) = told["aliases"], told["records"]
    assert (alias["record"], alias["now"]) == (f"hubspot/contacts/{ana[1]}", SURVIVOR)
    assert (first["record"], first["how"]) == (f"hubspot/contacts/{SURVIVOR}", "merged")
    assert f"formerly hubspot/contacts/{ana[1]}, merged into {SURVIVOR}" in ask(ana[1]).out
    assert (
        f"antes hubspot/contacts/{ana[1]}, fusionado en {SURVIVOR}"
        in ask(ana[1], "--lang", "es").out
    )


def test_the_rule_of_a_link_is_told_in_the_language_of_the_reader() -> None:
    rules = ("email", "source", "created", "name+domain", "of_its_own")
    ref, since = Ref("crm", "Contact", "003A"), datetime(2026, 11, 20, tzinfo=UTC)
    links = tuple(KeptLink("contact", "k", ref, rule, "r", since) for rule in rules)
    choose("es")
    try:
        text = links_text([Together("contact", "k", links, ())])
    finally:
        choose("en")
    for said in (
        "correo",
        "leído de este registro",
        "creado por crmsync",
        "nombre + dominio",
        "of_its_own",
    ):
        assert said in text
    assert "source" not in text


def test_everybody_is_listed_as_far_as_asked(pair: Pair, ask: Links) -> None:
    assert "Nobody is linked yet" in ask().out
    with pair.workspace.store() as store, store.transaction() as tx:
        rows = [
            LinkRow("contact", f"k{n}", Ref("hubspot", "contacts", str(n)), "email") for n in (2, 1)
        ]
        rows += [LinkRow("company", "c", Ref("hubspot", "companies", "1"), "domain")]
        tx.save_links(rows, "r", pair.watch())
    assert [each["key"] for each in ask("--json").json] == ["c", "k1", "k2"]
    assert [each["key"] for each in ask("--json", "--entity", "contact").json] == ["k1", "k2"]
    assert [each["key"] for each in ask("--json", "--entity", "contact", "--limit", "1").json] == [
        "k1"
    ]


@pytest.mark.slow
def test_what_became_of_a_run_is_said_in_the_language_of_the_reader(
    pair: Pair, capsys: pytest.CaptureFixture[str]
) -> None:
    ana = met(pair, "Ana")
    pair.night()
    pair.salesforce("Contact", ana[0], Title="Director")
    crm = crm_in(capsys)
    applied = pair.night()
    runs = crm("runs", "--lang", "es", "--workspace", pair.folder).out
    assert "hecho" in runs
    assert "done" not in runs
    ops = crm("runs", applied.run, "--lang", "es", "--workspace", pair.folder).out
    assert "(A••• R•••): escrito y comprobado" in ops
    assert "VERIFIED" not in ops
    assert "comprobadas: " in applied_as("text", applied, "es").splitlines()[0]
    assert " verified" in applied_as("text", applied, "en").splitlines()[0]


def test_who_is_not_linked_and_what_is_no_entity_are_told(pair: Pair, ask: Links) -> None:
    met(pair, "Ana")
    pair.pull()
    said = ask("ana@people.example")
    assert (said.code, "'ana@people.example' is known, but not linked" in said.err) == (
        ExitCode.FAILED,
        True,
    )
    assert "crmsync explain" in said.err
    unknown = ask("Nobody Nowhere")
    assert (unknown.code, "nobody found for 'Nobody Nowhere'" in unknown.err) == (
        ExitCode.FAILED,
        True,
    )
    assert "crmsync explain" not in unknown.err
    assert "did you mean 'contact'?" in ask("--entity", "contct").err
