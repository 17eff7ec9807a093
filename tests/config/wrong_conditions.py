"""Mapping files with conditions and match rules that everybody meets, or nobody, or nobody meant so."""

from __future__ import annotations

from config.wrong_texts import MAPPING, QUOTES, Wrong

_FLAG = "  - {field: out, type: flag, names: {salesforce: Out, hubspot: out}VALUES}\n"
_CHOICE = "  - {field: sold, type: choice, names: {salesforce: Sold, hubspot: sold}VALUES}\n"
_FALSE = 'is a text, and no flag is like it (write false, or "{0}" in quotes)'
_OTHER = (
    'without quotes: a text here, and something else for other programs (write "{0}" in quotes)'
)


def seat(said: str) -> str:
    """The mapping with more about its seat in HubSpot."""
    return MAPPING.replace("object: contacts}", f"object: contacts, {said}}}")


def scope(said: str) -> str:
    return MAPPING + f"scope: {said}\n"


CONDITIONS: Wrong = {
    "records created on no condition": (
        seat("create: {when: {}}"),
        ["4:50 CRM041 create: when without a condition "
         "(add one, or write `create: ask`: everybody meets no condition)"],
    ),
    "records created on no value": (
        seat("create: {when: {email: []}}"),
        ["4:57 CRM041 create: when: 'email' is to be one of no values (list values, or remove it)"],
    ),
    "records created on a field without its value": (
        seat("create: {when: {email}}"),
        [f"4:57 CRM004 seats.2.create.when.email: nothing does not fit ({QUOTES})"],
    ),
    "records created on a field nobody knows": (
        seat("create: {when: {emial: present}}"),
        ["4:41 CRM041 create: condition on no field: 'emial' (did you mean 'email'?)"],
    ),
    "a where that asks nothing": (
        seat("where: {}"), ["4:41 CRM087 where without a condition (add one, or remove it)"],
    ),
    "a where that nobody meets": (
        seat("where: {a: []}"),
        ["4:49 CRM087 where: 'a' is to be one of no values (list values, or remove it)"],
    ),
    "scopes that nobody meets": (
        scope("{salesforce: {Contact: {a: []}}, hubspot: {b: [], c: d}}"),
        ["10:32 CRM087 scope: 'a' is to be one of no values (list values, or remove it)",
         "10:51 CRM087 scope: 'b' is to be one of no values (list values, or remove it)"],
    ),
    "a match rule of nothing": (
        MAPPING.replace("match: [key, email]", "match: [key, [], email]"),
        ["5:14 CRM040 a match rule of no field (name a field of this entity, or remove it)"],
    ),
    "a flag in words without quotes": (
        seat("where: {IsConverted: no, a: [x, Off]}"),
        [f"4:49 CRM094 'no' without quotes {_FALSE.format('no')}",
         f"4:73 CRM094 'Off' without quotes {_FALSE.format('Off')}"],
    ),
    "a scope of a flag in words without quotes": (
        scope("{hubspot: {a: YES}, salesforce: {Contact: {Out: [n]}}}"),
        ["10:19 CRM094 'YES' without quotes is a text, and no flag is like it "
         "(write true, or \"YES\" in quotes)",
         f"10:57 CRM094 'n' without quotes {_FALSE.format('n')}"],
    ),
    "a time without quotes": (
        scope("{hubspot: {a: [10:30, \"10:30\", 'no', no]}}"),
        [f"10:23 CRM094 '10:30' {_OTHER.format('10:30')}",
         f"10:45 CRM094 'no' without quotes {_FALSE.format('no')}"],
    ),
    "a flag of ours in words": (
        MAPPING + _FLAG.replace("VALUES", ", values: {hubspot: {Nein: no}}"),
        [f"10:89 CRM094 'no' without quotes {_FALSE.format('no')}"],
    ),
    "a flag that decides on creating": (
        seat("create: {when: {out: no, email: present}}") + _FLAG.replace("VALUES", ""),
        [f"4:57 CRM094 'no' without quotes {_FALSE.format('no')}"],
    ),
    "words in quotes, and those of a choice": (
        seat("where: {IsConverted: 'no', sold: no, b: \"10:30\", c: false}, create: {when: {sold: no}}")
        + _CHOICE.replace("VALUES", ", values: {hubspot: {no: never, 10:30: later}, salesforce: {\"no\": never}}"),
        [],
    ),
    "a direction to a system, where no system has the field": (
        MAPPING + "  - {field: a, type: text, names: {}, direction: {to: hubspot}}\n",
        ["10:39 CRM047 field 'a': goes to 'hubspot', which has no such field (add the system to `names:`)"],
    ),
    "values of a system, where no system has the field": (
        MAPPING + "  - {field: a, type: choice, names: {}, values: {hubspot: {x: y}}}\n",
        ["10:50 CRM045 field 'a': values for 'hubspot', which has no such field (add the system to `names:`)"],
    ),
}  # fmt: skip
