"""Files in which nothing is wrong, to be spoiled in one way each."""

from __future__ import annotations

Wrong = dict[str, tuple[str, list[str]]]
"""By what is wrong: the file, and the lines that lint says of it (place, code, problem, remedy)."""

MAPPING = """\
entity: contact
seats:
  - {system: salesforce, object: Contact}
  - {system: hubspot, object: contacts}
match: [key, email]
fields:
  - field: email
    type: email
    names: {salesforce: Email, hubspot: email}
"""
LINKED = MAPPING.replace("[key, email]", "[key, native_link, email]").replace(
    "match:",
    "native_links:\n  - {system: hubspot, field: f, to: {system: salesforce, object: Contact}}\nmatch:",
)
PROJECT = """\
name: tried
currency: EUR
systems:
  hubspot: {kind: hubspot, token: "${HUBSPOT_TOKEN}"}
"""
AUDIT = """\
-- id: Z01
-- severity: error
-- entity: contact
-- category: tried
-- summary: {en: a, es: b}
-- why: {en: a, es: b}
-- remedy: {en: a, es: b}
SELECT system, object, id FROM contact
"""
QUOTES = "write a text, in quotes if it looks like something else"
SYNTAX = "correct the YAML at this place"
PLACE = {
    "mapping": "mappings/contact.yml",
    "project": "crmsync.yml",
    "audit": "audits/X01_tried.sql",
}


def typed(name: str) -> str:
    return MAPPING.replace("type: email", f"type: {name}")


def extra(rest: str, type_: str = "text") -> str:
    """The mapping with one more field."""
    return f"{MAPPING}  - field: extra\n    type: {type_}\n    names: {{hubspot: a}}\n{rest}"


def made_of(what: str, type_: str = "text") -> str:
    return extra(f"    made_of: {what}\n", type_)


COMPANY = (
    "  - field: company\n    type: reference\n    to: company\n"
    "    names: {salesforce: AccountId, hubspot: associatedcompanyid}\n"
)
