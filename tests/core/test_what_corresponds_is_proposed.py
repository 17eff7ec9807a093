"""What is proposed as certain is certain; what could overwrite good values is left to a person."""

from __future__ import annotations

import pytest

from crmsync.core.likeness import plain_name, same_meaning, same_name, words
from crmsync.core.options import Comparison, compare
from crmsync.core.proposing import Proposal, Suggestion, offered, propose
from crmsync.core.records import Native, Schema

TIERS = (("Gold", "Gold"), ("Silver", "Silver"))


def schema(system: str, object_: str, *fields: Native) -> Schema:
    return Schema(system, object_, {each.name: each for each in fields})


def pair(left: Native, right: Native) -> Suggestion | None:
    """What is proposed for two fields, None if nothing is."""
    found = of([schema("salesforce", "Contact", left)], [schema("hubspot", "contacts", right)])
    return next(iter((*found.certain, *found.to_decide)), None)


def of(left: list[Schema], right: list[Schema], taken: tuple[str, ...] = ()) -> Proposal:
    return propose([offered(left, ()), offered(right, ())], taken)


def test_names_are_compared_by_their_words() -> None:
    assert words("Nivel_del_Cliente__c") == ("tier", "customer")
    assert same_name("Customer_Tier__c", "customerTier")
    assert same_name("AnnualRevenue", "annualrevenue")
    assert not same_name("Sector__c", "industry")
    assert same_meaning("Sector__c", "industry")
    assert not same_name("Score__c", "scoring")
    assert plain_name("2nd_Phone__c") == "field_2_nd_phone"


@pytest.mark.parametrize(
    ("left", "right", "type_"),
    [
        (Native("Note__c", "text"), Native("note", "string"), "text"),
        (Native("Work_Email__c", "string"), Native("work_email", "string"), "email"),
        (Native("Fax", "string"), Native("fax", "string"), "phone"),
        (Native("Score__c", "number", scale=0), Native("score", "number"), "integer"),
        (Native("Score__c", "number", scale=2), Native("score", "number"), "decimal"),
        (Native("Budget__c", "number"), Native("budget", "number"), "money"),
        (Native("Vip__c", "boolean"), Native("vip", "boolean"), "flag"),
        (Native("Since__c", "date"), Native("since", "date"), "date"),
        (Native("Tier__c", "picklist", listed=TIERS), Native("tier", "picklist", listed=TIERS[::-1]), "choice"),
        (Native("Sector__c", "picklist", listed=TIERS), Native("industry", "picklist", listed=TIERS), "choice"),
    ],
)  # fmt: skip
def test_the_same_name_type_and_options_are_certain(
    left: Native, right: Native, type_: str
) -> None:
    found = pair(left, right)
    assert found is not None
    assert (found.reason, found.type, found.to) == ("", type_, "")
    assert not found.values


@pytest.mark.parametrize(
    ("left", "right", "reason"),
    [
        (Native("Renewal_Date__c", "date"), Native("date_of_renewals", "date"), "near"),
        (
            Native("Kind__c", "string", label="Clase"),
            Native("sort", "string", label="CLASE"),
            "label",
        ),
        (Native("Importe__c", "number"), Native("amount", "number"), "synonym"),
        (Native("Since__c", "date"), Native("since", "datetime"), "types"),
        (Native("Tier__c", "picklist", listed=TIERS), Native("tier", "string"), "types"),
        (Native("Tier__c", "picklist", listed=TIERS), Native("tier", "picklist"), "unlisted"),
        (
            Native("Tier__c", "picklist", listed=TIERS),
            Native("tier", "picklist", listed=(("A", "A"),)),
            "apart",
        ),
    ],
)
def test_anything_less_is_for_a_person(left: Native, right: Native, reason: str) -> None:
    found = pair(left, right)
    assert found is not None
    assert found.reason == reason


def test_names_that_are_only_near_need_types_that_go_together() -> None:
    assert pair(Native("Renewals__c", "boolean"), Native("renewal", "date")) is None
    assert pair(Native("Zodiac__c", "string"), Native("message", "string")) is None


def test_labels_that_agree_give_the_map_of_their_values() -> None:
    warm = (("Hot", "Muy caliente"), ("Cold", "Frío"))
    other = (("hot_1", "muy caliente"), ("cold_1", "Frio"))
    assert compare(warm, other) == Comparison(
        "relabelled",
        {"Hot": "muy_caliente", "Cold": "frio"},
        {"hot_1": "muy_caliente", "cold_1": "frio"},
    )
    found = pair(
        Native("Heat__c", "picklist", listed=warm), Native("heat", "picklist", listed=other)
    )
    assert found is not None
    assert found.reason == "relabelled"
    assert found.values["hubspot"] == {"hot_1": "muy_caliente", "cold_1": "frio"}


def test_options_that_are_missing_are_named() -> None:
    more = (*TIERS, ("Bronze", "Bronze"))
    found = pair(
        Native("Tier__c", "picklist", listed=more), Native("tier", "picklist", listed=TIERS)
    )
    assert found is not None
    assert (found.reason, found.facts) == ("partial", ("Bronze", ""))


def test_two_labels_of_one_word_stay_two_values() -> None:
    twice = (("a", "Hot!"), ("b", "Hot?"))
    found = compare(twice, (("x", "Hot!"), ("y", "Hot?")))
    assert found.left == {"a": "hot", "b": "hot_2"}
    assert found.right == {"x": "hot", "y": "hot_2"}


def test_the_likest_pair_is_made_and_each_field_is_used_once() -> None:
    left = schema(
        "salesforce", "Contact", Native("Tier__c", "string"), Native("Tiers__c", "string")
    )
    right = schema("hubspot", "contacts", Native("tier", "string"))
    found = of([left], [right])
    assert [[side.native.name for side in each.sides] for each in found.certain] == [
        ["Tier__c", "tier"]
    ]
    assert found.to_decide == ()
    assert [each.native.name for each in found.unknown] == ["Tiers__c"]


def test_a_formula_only_goes_the_other_way() -> None:
    formula = Native("Score__c", "integer", writable=False)
    left = schema("salesforce", "Contact", formula, Native("Other__c", "string"))
    (found,) = of([left], [schema("hubspot", "contacts", Native("score", "number"))]).certain
    assert found.to == "hubspot"


def test_what_nobody_can_write_is_proposed_only_where_nothing_is_written() -> None:
    made = Native("CreatedDate", "datetime", writable=False)
    seen = Native("createddate", "datetime", writable=False)
    other = Native("Other__c", "string")
    assert of([schema("a", "A", made, other)], [schema("b", "B", seen, other)]).unknown == ()
    (found,) = of([schema("a", "A", made)], [schema("b", "B", seen)]).certain
    assert (found.field, found.to) == ("created_date", "")


def test_a_field_of_leads_alone_is_for_a_person() -> None:
    people = [
        schema("salesforce", "Contact", Native("X__c", "string")),
        schema("salesforce", "Lead", Native("X__c", "string"), Native("State", "string")),
    ]
    right = schema("hubspot", "contacts", Native("state", "string"), Native("x", "string"))
    found = of(people, [right])
    assert [each.sides[0].objects for each in found.certain] == [("Contact", "Lead")]
    assert [(each.reason, each.facts) for each in found.to_decide] == [
        ("aside", ("salesforce Lead",))
    ]


def test_a_name_that_is_taken_is_for_a_person_and_gets_another() -> None:
    left, right = Native("Company", "string"), Native("company", "string")
    found = of([schema("a", "A", left)], [schema("b", "B", right)], ("company",))
    assert [(each.field, each.reason) for each in found.to_decide] == [("company_2", "taken")]


def test_a_third_system_joins_what_is_certain() -> None:
    offers = [
        offered([schema(system, "X", Native("Tier__c" if system == "a" else "tier", kind))], ())
        for system, kind in (("a", "string"), ("b", "string"), ("c", "text"), ("d", "date"))
    ]
    found = propose(offers)
    (certain,) = found.certain
    assert [side.system for side in certain.sides] == ["a", "b", "c"]
    assert [each.system for each in found.unknown] == ["d"]


def test_an_opt_out_is_known_as_consent() -> None:
    found = pair(Native("HasOptedOutOfFax", "boolean"), Native("has_opted_out_of_fax", "boolean"))
    assert found is not None
    assert found.is_consent


def test_references_and_ids_are_not_paired() -> None:
    left = schema("a", "A", Native("OwnerId", "reference"), Native("Id", "id"))
    right = schema("b", "B", Native("ownerid", "reference"), Native("id", "id"))
    found = of([left], [right])
    assert (found.certain, found.to_decide) == ((), ())
    assert [each.native.name for each in found.unknown] == ["OwnerId", "ownerid"]
