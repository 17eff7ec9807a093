"""The dossier says what the mapping does: every sentence in both languages, and none that is not so."""

from __future__ import annotations

from dataclasses import asdict, replace

import pytest
from dossier_samples import CONTACT, MADE, MAPPING, make_dossier
from syrupy.assertion import SnapshotAssertion

from crmsync.commands.dossier import Known, dossier_from
from crmsync.core.mapping import Entity, Field, OneWay, Reason, Seat, WorkspaceMapping
from crmsync.core.merging import merge
from crmsync.core.policies import POLICIES, Rule, Side
from crmsync.core.records import UNSET, Native, Schema
from crmsync.core.values import TYPES
from crmsync.reports import dossier_words as say
from crmsync.reports.dossier import FieldLine, PlaceLine
from crmsync.reports.dossier_page import Pages, pages

BOTH = pytest.mark.parametrize("language", ["en", "es"])


@pytest.mark.parametrize("read", [True, False], ids=["read", "never read"])
def test_the_model(read: bool, snapshot: SnapshotAssertion) -> None:
    dossier = asdict(replace(make_dossier(read=read), version="-"))
    assert dossier == snapshot


@BOTH
def test_the_pages(language: str, snapshot: SnapshotAssertion) -> None:
    assert asdict(pages(replace(make_dossier(), version="-"), language)) == snapshot


def line(policy: str, *ways: tuple[str, str], blank: str = "ignore", **other: object) -> FieldLine:
    known = POLICIES.get(policy)
    system = "salesforce" if known and known.names_a_system else None
    return FieldLine("f", "text", {}, (), ways, policy, system, blank, **other)  # type: ignore[arg-type]


THERE, BACK = ("salesforce", "hubspot"), ("hubspot", "salesforce")


@BOTH
@pytest.mark.parametrize("name", [*POLICIES, "brand_new"])
def test_every_policy_has_words(name: str, language: str) -> None:
    texts = {
        say.policy_short(line(name, THERE, BACK), language),
        say.policy_text(line(name, THERE, BACK), language),
    }
    assert len(texts) == 2
    assert name not in texts


@BOTH
@pytest.mark.parametrize("name", [*TYPES, "brand_new"])
def test_every_type_has_words(name: str, language: str) -> None:
    text = say.type_text(replace(line("ask"), type=name), language)
    assert text
    assert "_" not in text


def test_what_a_record_says_itself_is_named_by_its_title() -> None:
    own = replace(line("ask"), type="tax_id", detail_from="country")
    assert say.type_text(own, "es", {"country": "País"}).endswith("(según “País” del registro)")
    assert say.type_text(replace(own, detail="ES"), "en").endswith(
        "(as “country” of the record says; ES)"
    )


@BOTH
def test_every_native_type_has_a_word(language: str) -> None:
    place = PlaceLine("salesforce", "Opportunity", "x", True, Native("x", "references"))
    assert say.native_text(place, language) != "references"


def test_lists_that_were_not_read_are_among_the_unknowns() -> None:
    names = {"salesforce": "Industry", "hubspot": "industry"}
    values = {"salesforce": {"Farming": "farm"}, "hubspot": {"FARMING": "farm"}}
    seats = [Seat("salesforce", "Account"), Seat("hubspot", "companies")]
    company = Entity("company", seats, ["key"], [Field("sector", "choice", names, values=values)])
    listed = Native("industry", "picklist", options=frozenset({"FARMING"}))

    def unlisted(native: Native) -> list[tuple[str, ...]]:
        schemas = {
            ("salesforce", "Account"): Schema("salesforce", "Account", {"Industry": native}),
            ("hubspot", "companies"): Schema("hubspot", "companies", {"industry": listed}),
        }
        made = dossier_from(
            WorkspaceMapping((company,), "x"),
            Known(schemas),
            (),
            title="t",
            workspace="w",
            made_at=MADE,
        )
        return [each.about for each in made.unknown if each.code == "unlisted"]

    assert unlisted(Native("Industry", "picklist")) == [("company.sector",)]
    assert not unlisted(Native("Industry", "picklist", options=frozenset({"Farming"})))


def test_a_deal_is_not_called_a_customer() -> None:
    assert (
        say.recognised_text("deal", "es") == "Cómo se reconoce una misma oportunidad, en este orden"
    )
    assert say.recognised_text("invoice", "en").startswith("How two records are recognised")


def test_no_word_is_of_a_type_or_policy_that_is_gone() -> None:
    assert set(say.TYPES) <= set(TYPES)
    assert set(say.POLICIES) <= set(POLICIES)


@BOTH
def test_every_kind_of_loss_that_can_be_found_has_words(language: str) -> None:
    from crmsync.core import losses

    rows = [
        row.split("|")[1].strip()
        for row in (losses.__doc__ or "").splitlines()
        if row.startswith("|")
    ]
    assert set(rows) - {"kind", "---"} == set(say.LOSSES)


@pytest.mark.parametrize("policy", POLICIES)
def test_what_is_said_of_a_one_way_field_is_what_merge_does(policy: str) -> None:
    """Where one side speaks, its value replaces the other, whatever the policy, if the dossier says so."""
    values = {"sticky": (False, True), "union": (frozenset("a"), frozenset("b"))}
    spoken, kept = values.get(policy, ("a", "b"))
    sides = [
        Side("salesforce", spoken, UNSET, speaks=True, writable=False),
        Side("hubspot", kept, UNSET, speaks=False, writable=True),
    ]
    rule = Rule(policy, "salesforce" if POLICIES[policy].names_a_system else None, order=("a", "b"))
    replaced = any(write.after == spoken for write in merge(rule, sides).writes)
    text = say.policy_text(line(policy, THERE), "en")
    if text == "The value of Salesforce counts; what the others hold is replaced by it.":
        assert replaced
    if policy == "always":
        assert replaced
        assert text == "Salesforce always wins and is never written."
    if policy in ("sticky", "highest", "fill", "union"):
        assert not replaced


@pytest.mark.parametrize(
    ("ways", "policy", "blank", "expected"),
    [
        ((THERE, BACK), "ask", "ignore", "An emptied value is filled again from the other side."),
        ((THERE, BACK), "ask", "propagate", "Who empties it on one side empties it on every side."),
        ((THERE, BACK), "newest", "ask", "If it is emptied on one side, a person decides."),
        ((THERE, BACK), "fill", "ignore", "A blank is filled from the other side."),
        ((THERE, BACK), "sticky", "propagate", "A blank takes no opt-out back."),
        ((THERE,), "ask", "propagate", "Who empties it in Salesforce empties it on every side."),
        ((THERE,), "always", "ignore",
         "Emptied elsewhere, it is filled again from Salesforce; emptied in Salesforce, the others keep theirs."),
        ((), "ask", "ignore", ""),
    ],
)  # fmt: skip
def test_what_happens_to_blanks_is_said_for_the_direction(
    ways: tuple[tuple[str, str], ...], policy: str, blank: str, expected: str
) -> None:
    assert say.blank_text(line(policy, *ways, blank=blank), "en") == expected


def test_arrows_follow_direction_policy_and_what_is_read_only() -> None:
    contact, deal = make_dossier().entities
    ways = {field.name: say.ways_text(field, "en") for field in (*contact.fields, *deal.fields)}
    assert ways == {
        "email": "Salesforce ⇄ HubSpot",
        "phone": "Salesforce ⇄ HubSpot",
        "note": "Salesforce ⇄ HubSpot",
        "stage": "Salesforce ⇄ HubSpot",
        "country": "Salesforce → HubSpot",
        "opted_out": "Salesforce ⇄ HubSpot",
        "score": "only read",
        "amount": "Salesforce → HubSpot",
        "close": "Salesforce ⇄ HubSpot",
    }


def field_of(page: Pages, name: str) -> object:
    return next(each for entity in page.entities for each in entity.fields if each.name == name)


@pytest.mark.parametrize(
    ("name", "lost"),
    [
        (
            "note",
            "Salesforce Contact → HubSpot contacts: texts of more than 255 characters are cut",
        ),
        (
            "email",
            "HubSpot contacts → Salesforce Contact, Lead: values of more than 80 characters do not go over",
        ),
        ("amount", "None."),
        ("close", "Salesforce Opportunity → HubSpot deals: the day becomes its first moment"),
        (
            "stage",
            "Salesforce Lead → HubSpot contacts: no counterpart, so they do not go over: won",
        ),
        (
            "opted_out",
            "HubSpot contacts → Salesforce Contact: the system lets nobody write this field",
        ),
    ],
)
def test_what_is_lost_is_said(name: str, lost: str) -> None:
    assert lost in field_of(pages(make_dossier(), "en"), name).losses  # type: ignore[attr-defined]


def test_where_nothing_was_read_nothing_is_called_lossless() -> None:
    page = pages(make_dossier(read=False), "en")
    said = {loss for entity in page.entities for field in entity.fields for loss in field.losses}
    assert said == {"Not measured: the systems were not read yet."}


def test_what_is_not_known_is_said() -> None:
    page = pages(make_dossier(), "en")
    open_questions = dict(page.unknown)
    assert open_questions[
        "These objects were never read, so lengths, types and lists of values could not be compared:"
    ] == ("exports/orders",)
    assert open_questions[
        "These fields were not there, or not readable, when their object was last read:"
    ] == ("salesforce/Contact.Country__c",)
    assert "contact.note" in open_questions["These fields have no description in English:"]
    assert not any("Spanish" in text for text in open_questions)
    nobody = dict(pages(make_dossier(read=False), "en").unknown)
    assert any(text.startswith("No other writer was declared.") for text in nobody)


def test_who_else_writes_a_field_is_named() -> None:
    page = pages(make_dossier(), "es")
    assert field_of(page, "phone").others == (  # type: ignore[attr-defined]
        "HubSpot-Salesforce connector escribe Salesforce Contact.Phone",
        "HubSpot-Salesforce connector escribe HubSpot contacts.phone",
        "HubSpot-Salesforce connector copia Salesforce Contact.Phone a otros campos",
        "HubSpot-Salesforce connector copia HubSpot contacts.phone a otros campos",
    )
    (writer,) = page.writers
    assert writer.agreed == "It carries the activities until March."
    assert "[crmsync contact.phone]" in writer.circles[0]


def test_a_seat_says_what_takes_part_and_what_is_created() -> None:
    seats = pages(make_dossier(), "en").entities[0].seats
    assert [(seat.where, seat.create) for seat in seats] == [
        ("", "Nothing is created here."),
        (
            "leads that are not converted and Status is “New” or “Open”",
            "Created only when a person has said so.",
        ),
        ("", "Created where E-mail has a value and country is “ES” or “PT”."),
    ]
    assert (
        pages(make_dossier(), "es").entities[1].seats[2].create
        == "Solo se lee: aquí no se escribe nada."
    )


def test_long_names_keep_anchors_apart() -> None:
    fields = [Field("x" * 60 + str(n), "text", {"salesforce": f"A{n}"}) for n in range(3)]
    entity = Entity("contact", CONTACT.seats, ["key"], fields)
    page = pages(make_dossier(mapping=WorkspaceMapping((entity,), "-")), "en")
    assert len({field.anchor for field in page.entities[0].fields}) == 3


def test_a_field_that_goes_one_way_names_its_source() -> None:
    assert MAPPING.entities[0].fields[4].direction == OneWay("hubspot")
    found = field_of(pages(make_dossier(), "en"), "country")
    assert found.wins_short == "Salesforce, whatever others hold"  # type: ignore[attr-defined]
    assert found.arrow == "→"  # type: ignore[attr-defined]


REASONS = {"en": "It is the address.", "es": "Es la dirección."}


@pytest.mark.parametrize(
    ("why", "language", "shown"),
    [
        (REASONS, "en", REASONS["en"]),
        (REASONS, "es", REASONS["es"]),
        ({"en": REASONS["en"]}, "es", REASONS["en"]),
        ({"es": REASONS["es"]}, "en", REASONS["es"]),
        ({"en": REASONS["en"], "es": "  "}, "es", REASONS["en"]),
        (REASONS["en"], "es", REASONS["en"]),
        ({}, "es", ""),
    ],
)
def test_a_reason_is_in_the_language_of_the_dossier_or_in_the_other(
    why: Reason, language: str, shown: str
) -> None:
    entity = replace(CONTACT, fields=[replace(CONTACT.fields[0], why=why)])
    made = make_dossier(mapping=WorkspaceMapping((entity,), "digest"))
    assert [each.why for each in pages(made, language).entities[0].fields] == [shown]
    assert any(each.code == "no_why" for each in made.unknown) == (not shown)


def test_the_cover_names_the_client_and_the_agency_once_they_are_known() -> None:
    named = replace(make_dossier(), client="Alfa SL", agency="Ruiz y Gil")
    spanish = pages(named, "es")
    assert dict(spanish.facts)["Cliente"] == "Alfa SL"
    assert dict(spanish.facts)["Agencia"] == "Ruiz y Gil"
    assert [each.rpartition(": ")[2] for each in spanish.parties] == ["Alfa SL", "Ruiz y Gil"]
    assert not {"Cliente", "Agencia"} & set(dict(pages(make_dossier(), "es").facts))


def test_a_reason_in_the_other_language_only_is_said_where_it_is_missing() -> None:
    def said(language: str) -> list[tuple[str, ...]]:
        return [
            names
            for text, names in pages(make_dossier(), language).unknown
            if "otro idioma" in text or "another language" in text
        ]

    assert said("es") == [("contact.score",)]
    assert said("en") == []


def test_a_flag_of_the_crm_itself_is_said_in_words() -> None:
    assert say.condition_text("IsConverted", False, "es") == "leads no convertidos"
    assert say.condition_text("Vip__c", False, "es") == "Vip__c es no"
