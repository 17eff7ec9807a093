"""Files that are wrong in one way each, with the lines that lint says of them (place, code, problem, remedy)."""

from __future__ import annotations

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
-- id: X01
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


MAPPINGS: dict[str, tuple[str, list[str]]] = {
    "an unknown key": (
        MAPPING + "    on_conflct: ask\n",
        ["10:5 CRM002 unknown key 'on_conflct' (did you mean 'on_conflict'?)"],
    ),
    "an unknown key like no other": (
        MAPPING + "zzzzqqqq: 1\n",
        ["10:1 CRM002 unknown key 'zzzzqqqq' (remove it)"],
    ),
    "a key misspelt, so that it is missing too": (
        MAPPING.replace("entity:", "entitty:"),
        ["1:1 CRM002 unknown key 'entitty' (did you mean 'entity'?)", "1:1 CRM003 'entity' is missing (add `entity:`)"],
    ),
    "two keys missing": (
        "entity: contact\nfields: []\n",
        ["1:1 CRM003 'seats' is missing (add `seats:`)", "1:1 CRM003 'match' is missing (add `match:`)"],
    ),
    "an unknown type and an unknown policy": (
        typed("emial") + "    on_conflict: newst\n",
        [
            "8:5 CRM031 field 'email': unknown type 'emial' (did you mean 'email'?)",
            "10:5 CRM032 field 'email': unknown policy 'newst' (did you mean 'newest'?)",
        ],
    ),
    "a policy that names no system": (
        MAPPING + "    on_conflict: prefer\n",
        ["10:5 CRM033 field 'email': policy 'prefer' is written otherwise (write `on_conflict: {prefer: salesforce}`)"],
    ),
    "two policies": (
        MAPPING + "    on_conflict: {prefer: salesforce, always: hubspot}\n",
        ["10:5 CRM033 field 'email': 2 policies at once (write one policy, as in `on_conflict: {prefer: salesforce}`)"],
    ),
    "no policy in the braces": (
        MAPPING + "    on_conflict: {}\n",
        ["10:5 CRM033 field 'email': 0 policies at once (write one policy, as in `on_conflict: {prefer: salesforce}`)"],
    ),
    "a winner who is not there": (
        MAPPING + "    on_conflict: {prefer: hubspott}\n",
        ["10:5 CRM035 field 'email': 'hubspott' wins but has no such field (name one of salesforce, hubspot)"],
    ),
    "a policy for another type": (
        MAPPING + "    on_conflict: sticky\n",
        ["10:5 CRM034 field 'email': 'sticky' needs type flag, not email (change the type or the policy)"],
    ),
    "the highest of no order": (
        typed("choice") + "    on_conflict: highest\n",
        ["10:5 CRM039 field 'email': 'highest' needs an order (add `order: [lowest, ..., highest]`)"],
    ),
    "an unknown blank rule": (
        MAPPING + "    blank: ingore\n",
        ["10:5 CRM004 fields.1.blank: 'ingore' does not fit (use 'ignore', 'propagate' or 'ask')"],
    ),
    "an unknown direction": (
        MAPPING + "    direction: up\n",
        ["10:5 CRM004 fields.1.direction: 'up' does not fit (use 'both' or 'none' or {to: SYSTEM})"],
    ),
    "a direction that leads nowhere": (
        MAPPING + "    direction: {to: hubspott}\n",
        [
            "10:5 CRM047 field 'email': goes to 'hubspott', which has no such field "
            "(name one of salesforce, hubspot)"
        ],
    ),
    "an unknown time zone": (
        typed("date") + "    timezone: Europe/Madird\n",
        ["10:5 CRM044 field 'email': unknown timezone 'Europe/Madird' (did you mean 'Europe/Madrid'?)"],
    ),
    "an unknown region": (
        typed("phone") + "    region: XX\n",
        ["10:5 CRM028 field 'email': unknown region 'XX' (use two capital letters of ISO 3166, as in ES)"],
    ),
    "a reference to nothing": (
        typed("reference"),
        ["8:5 CRM043 field 'email': a reference to nothing (add `to: company`)"],
    ),
    "a system misspelt": (
        MAPPING.replace("hubspot: email", "hubpsot: email"),
        ["9:32 CRM036 field 'email': no seat in system 'hubpsot' (did you mean 'hubspot'?)"],
    ),
    "an object misspelt": (
        MAPPING.replace("salesforce: Email", "salesforce: {Contcat: Email}"),
        ["9:13 CRM036 field 'email': 'Contcat' is no seat of salesforce (use Contact)"],
    ),
    "a field twice": (
        MAPPING + "  - {field: email, type: text, names: {salesforce: Name}}\n",
        ["10:6 CRM037 field 'email' is there twice (remove one)"],
    ),
    "a native field mapped twice": (
        MAPPING + "  - {field: mail, type: text, names: {salesforce: Email}}\n",
        ["10:39 CRM038 salesforce Contact.Email is mapped to 'email' already (map each native field once)"],
    ),
    "match rules that name no field": (
        MAPPING.replace("match: [key, email]", "match: [key, emial, [email, surname]]"),
        [
            "5:14 CRM040 match names no field: 'emial' (did you mean 'email'?)",
            "5:21 CRM040 match names no field: 'surname' (name a field of this entity)",
        ],
    ),
    "a condition on no field": (
        MAPPING.replace("object: contacts}", "object: contacts, create: {when: {emial: present}}}"),
        ["4:41 CRM041 create: condition on no field: 'emial' (did you mean 'email'?)"],
    ),
    "native links to strangers": (
        LINKED.replace("system: hubspot, field: f, to: {system: salesforce, object: Contact}",
                       "system: hubspt, field: f, to: {system: salesforce, object: Contct}"),
        [
            "6:6 CRM053 native link: no seat in system 'hubspt' (did you mean 'hubspot'?)",
            "6:57 CRM053 native link: 'Contct' is no seat of salesforce (did you mean 'Contact'?)",
        ],
    ),
    "a native link to a system nobody has": (
        LINKED.replace("to: {system: salesforce,", "to: {system: sap,"),
        ["6:38 CRM053 native link: no seat in system 'sap' (use hubspot, salesforce)"],
    ),
    "a native link into its own system": (
        LINKED.replace("to: {system: salesforce, object: Contact}", "to: {system: hubspot, object: contacts}"),
        ["6:38 CRM053 native link: from hubspot to itself (name another system)"],
    ),
    "a native link that leads nowhere": (
        LINKED.replace(", to: {system: salesforce, object: Contact}", ""),
        ["6:5 CRM003 'to' is missing in native_links.1 (add `to:`)"],
    ),
    "native_link without native links": (
        MAPPING.replace("[key, email]", "[key, native_link, email]"),
        [
            "5:14 CRM054 match names native_link, but there are no native_links "
            "(add `native_links:`, or remove it from match)"
        ],
    ),
    "native links that no rule names": (
        LINKED.replace("native_link, email", "email"),
        ["5:1 CRM054 native_links that match does not name (add native_link to `match:`)"],
    ),
    "a native link together with a field": (
        LINKED.replace("native_link, email", "native_link, [native_link, email]"),
        ["7:27 CRM040 match names no field: 'native_link' (name a field of this entity)"],
    ),
    "a field called native_link": (
        MAPPING.replace("field: email", "field: native_link").replace("[key, email]", "[key]"),
        [
            "7:5 CRM026 'native_link' cannot be the name of a field "
            "(use a-z, 0-9 and _, and no word that every record has)"
        ],
    ),
    "creating always": (
        MAPPING.replace("object: contacts}", "object: contacts, create: always}"),
        ["4:41 CRM004 seats.2.create: 'always' does not fit (use 'never' or 'ask' or {when: {FIELD: present}})"],
    ),
    "values for a stranger": (
        MAPPING + "    values: {sap: {a: b}}\n",
        ["10:14 CRM045 field 'email': values for 'sap', which has no such field (name one of salesforce, hubspot)"],
    ),
    "values that look like something else": (
        typed("flag") + "    values: {hubspot: {yes: true}}\n",
        [f"10:24 CRM004 fields.1.values.hubspot.yes: true does not fit ({QUOTES})"],
    ),
    "an opt-out turned round in one system": (
        typed("flag") + '    on_conflict: sticky\n    values: {hubspot: {"true": "false", "false": "true"}}\n',
        [
            "11:5 CRM046 field 'email': an opt-out that means the opposite in hubspot "
            "(map true to true, or use another native field)"
        ],
    ),
    "no seat at all": (
        MAPPING.replace("  - {system: salesforce, object: Contact}\n  - {system: hubspot, object: contacts}\n", "")
        .replace("seats:", "seats: []"),
        ["2:1 CRM048 no system holds it (add a seat: {system: ..., object: ...})"],
    ),
    "a name that is no name": (
        MAPPING.replace("entity: contact", 'entity: "x; drop"'),
        ["1:1 CRM026 'x; drop' cannot be the name of an entity (use a-z, 0-9 and _)"],
    ),
    "a field that every record has already": (
        MAPPING.replace("field: email", "field: id").replace("[key, email]", "[key]"),
        ["7:5 CRM026 'id' cannot be the name of a field (use a-z, 0-9 and _, and no word that every record has)"],
    ),
    "an object that is a path": (
        MAPPING.replace("object: contacts", "object: ../../contacts"),
        ["4:23 CRM026 '../../contacts' cannot be the name of an object (use its API name)"],
    ),
    "a text where a list belongs": (
        MAPPING + "    order: high\n",
        ["10:5 CRM004 fields.1.order: 'high' does not fit (write a list: [a, b])"],
    ),
    "a text where names belong": (
        MAPPING.replace("{salesforce: Email, hubspot: email}", "Email"),
        ["9:5 CRM004 fields.1.names: 'Email' does not fit (write names with values: {a: b})"],
    ),
    "a third language": (
        MAPPING + "    doc: {fr: Oui}\n",
        ["10:11 CRM004 fields.1.doc.fr: 'fr' does not fit (use 'en' or 'es')"],
    ),
    "a reason in a language that is not there": (
        MAPPING + "    why: {fr: Oui}\n",
        ["10:11 CRM004 fields.1.why.fr: 'fr' does not fit (use 'en' or 'es')"],
    ),
    "a reason that is no text": (
        MAPPING + "    why: 5\n",
        ["10:5 CRM004 fields.1.why: 5 does not fit (write a text, in quotes if it looks like something else)"],
    ),
    "a bracket that is never closed": (
        "entity: contact\nseats: [\n",
        [f"3:1 CRM001 expected the node content, but found '<stream end>' ({SYNTAX})"],
    ),
    "a tab": (
        "entity: contact\n\tseats: []\n",
        ["2:1 CRM001 a tab stands here (use blanks: YAML knows no tabs)"],
    ),
    "a key twice": (
        "entity: contact\n" + MAPPING,
        [f'2:1 CRM001 found duplicate key "entity" with value "contact" (original value: "contact") ({SYNTAX})'],
    ),
    "a line that is indented otherwise": (
        MAPPING + " - field: x\n   type: text\n",
        ["10:2 CRM001 this line does not stand below the lines it belongs to "
         "(indent it with as many blanks as its neighbours)"],
    ),
    "a key without a blank behind its colon": (
        MAPPING.replace("type: email", "type:email"),
        ["8:5 CRM001 a key without a colon and a blank behind it (write `key: value`)"],
    ),
    "a system without its braces": (
        MAPPING + "    on_conflict: prefer salesforce\n    direction: both\n",
        ["10:5 CRM032 field 'email': unknown policy 'prefer salesforce' (write `on_conflict: {prefer: salesforce}`)"],
    ),
    "a direction without its braces": (
        MAPPING + "    direction: to hubspot\n",
        ["10:5 CRM004 fields.1.direction: 'to hubspot' does not fit (use 'both' or 'none' or {to: SYSTEM})"],
    ),
    "another encoding than UTF-8": (MAPPING + "    doc: {es: Tel\udce9fono}\n",
        ["10:18 CRM001 this sign is not in UTF-8: the file was saved in another encoding (save the file as UTF-8)"]),
    "two documents": (MAPPING + "---\n" + MAPPING, [f"10:1 CRM001 but found another document ({SYNTAX})"]),
    "nothing": ("", ["1:1 CRM004 the file: nothing does not fit (write names with values: {a: b})"]),
    "a list": ("- a\n", ["1:1 CRM004 the file: a list does not fit (write names with values: {a: b})"]),
    "a tag of another language": (
        "entity: !!python/object:os.system x\n",
        ["1:1 CRM005 a tag or a list where a plain value belongs (write a plain value)"],
    ),
    "a set": (
        "entity: contact\nseats: !!set {a, b}\n",
        ["2:1 CRM005 a tag or a list where a plain value belongs (write a plain value)"],
    ),
    "bytes": (
        "entity: contact\nmatch: !!binary aGk=\n",
        ["2:1 CRM005 a tag or a list where a plain value belongs (write a plain value)"],
    ),
    "a key that is a list": (
        "? [a, b]\n: c\n",
        ["1:1 CRM005 a tag or a list where a plain value belongs (write a plain value)"],
    ),
    "inheritance": (
        MAPPING + "  - &mail {field: mail, type: text, names: {salesforce: Mail}}\n  - {<<: *mail, field: other}\n",
        ["11:5 CRM005 '<<' is not used here (write the keys out)"],
    ),
    "half a character": (
        'entity: "\\ud800"\n',
        ["1:1 CRM005 half a character (write the character itself)"],
    ),
    "an anchor that contains itself": (
        "entity: contact\nmatch: &a\n  - *a\nseats: []\nfields: []\n",
        [f"2:8 CRM004 match.1: nothing does not fit ({QUOTES})"],
    ),
    "anchors that grow without bound": (
        "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
        + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12)),
        ["1:1 CRM005 anchors make the file far too big (write it without anchors)"],
    ),
    "more lines than a mapping has": (
        "seats:\n" + "  - {system: a, object: b}\n" * 20_000,
        [
            "1:1 CRM005 the file has 20002 lines and more than 50000 values, too many for one file "
            "(split it, one file an entity; records belong in a CSV)"
        ],
    ),
    "brackets without end": (
        "a: " + "[" * 3000 + "]" * 3000,
        ["1:1 CRM001 the file contains itself, or is nested too deep (write it without anchors)"],
    ),
}  # fmt: skip

PROJECTS: dict[str, tuple[str, list[str]]] = {
    "an unknown key, and what is missing for it": (
        PROJECT.replace("systems:", "systms:"),
        [
            "1:1 CRM003 'systems' is missing (add `systems:`)",
            "3:1 CRM002 unknown key 'systms' (did you mean 'systems'?)",
        ],
    ),
    "a system without a kind": (
        PROJECT.replace("kind: hubspot, ", ""),
        ["4:3 CRM003 system 'hubspot' has no kind (add `kind:`)"],
    ),
    "a token in plain text": (
        PROJECT.replace("${HUBSPOT_TOKEN}", "pat-xx-invented"),
        [
            "4:28 CRM022 hubspot.token holds a secret in plain text "
            "(write ${HUBSPOT_TOKEN} and set it in the environment or .env)"
        ],
    ),
    "a token that is a name only in part": (
        PROJECT.replace("${HUBSPOT_TOKEN}", "pat-${HUBSPOT_TOKEN}"),
        [
            "4:28 CRM022 hubspot.token holds a secret in plain text "
            "(write ${HUBSPOT_TOKEN} and set it in the environment or .env)"
        ],
    ),
    "any other key of a secret": (
        PROJECT.replace("token:", "access_token:"),
        [],
    ),
    "a password in the store": (
        PROJECT + "store: postgresql+psycopg://crm:geheim@db.example/crm\n",
        ["5:1 CRM022 store holds a password in plain text (write ${STORE_PASSWORD} in its place, or ${STORE_URL})"],
    ),
    "an unknown limit": (
        PROJECT + "limits: {blnks: {at_most: 3}}\n",
        ["5:10 CRM020 unknown limit 'blnks' (did you mean 'blanks'?)"],
    ),
    "a limit that cannot be loosened": (
        PROJECT + "limits: {reopened_consent: {at_most: 3}}\n",
        ["5:10 CRM021 'reopened_consent' cannot be loosened (remove this line)"],
    ),
    "a limit below nothing": (
        PROJECT + "limits: {blanks: {at_most: -1}}\n",
        ["5:10 CRM027 limit 'blanks' is no number (at_most from 0, share from 0 to 1)"],
    ),
    "a limit without its form": (
        PROJECT + "limits: {blanks: 3}\n",
        ["5:10 CRM004 limits.blanks: 3 does not fit (write names with values: {a: b})"],
    ),
    "a third language": (
        PROJECT + "language: fr\n",
        ["5:1 CRM004 language: 'fr' does not fit (use 'en' or 'es')"],
    ),
    "places that are none": (
        PROJECT.replace("EUR", "euros") + "timezone: Europe/Madird\nregion: Spain\n",
        [
            "2:1 CRM029 unknown currency 'euros' (use three capital letters of ISO 4217, as in EUR)",
            "5:1 CRM044 unknown timezone 'Europe/Madird' (did you mean 'Europe/Madrid'?)",
            "6:1 CRM028 unknown region 'Spain' (use two capital letters of ISO 3166, as in ES)",
        ],
    ),
    "no system": (
        "name: tried\ncurrency: EUR\nsystems: {}\n",
        ["3:1 CRM025 no system (name one: salesforce, hubspot)"],
    ),
    "a system that is a path": (
        PROJECT.replace("  hubspot:", "  ../evil:"),
        ["4:3 CRM026 '../evil' cannot be the name of a system (use a-z, 0-9 and _)"],
    ),
    "a number that is none": (
        PROJECT + "clock_margin_s: two\n",
        ["5:1 CRM004 clock_margin_s: 'two' does not fit (write a whole number)"],
    ),
    "a secret without quotes": (
        PROJECT.replace('"${HUBSPOT_TOKEN}"', "${HUBSPOT_TOKEN}"),
        [f"4:36 CRM001 expected ',' or '}}', but got '{{' ({SYNTAX})"],
    ),
}  # fmt: skip

AUDITS: dict[str, tuple[str, list[str]]] = {
    "an unknown key and an unknown severity": (
        AUDIT.replace("severity: error", "severity: erro\n-- severty: error"),
        [
            "2:4 CRM004 severity: 'erro' does not fit (use 'error', 'warning' or 'info')",
            "3:4 CRM002 unknown key 'severty' (did you mean 'severity'?)",
        ],
    ),
    "one language and no query": (
        AUDIT.replace("why: {en: a, es: b}", "why: {en: a}").replace("SELECT system, object, id FROM contact\n", ""),
        ["1:1 CRM051 why has no es (add `es:` to why)", "8:1 CRM050 no query (add a SELECT)"],
    ),
    "a query in the header": (
        AUDIT.replace("-- id", "-- query: SELECT 1\n-- id"),
        ["1:4 CRM002 unknown key 'query' (remove it: the file's name and the query below count)"],
    ),
    "a header that breaks off": (
        "-- id: X01\n-- summary: {en: a\nSELECT 1\n",
        [f"2:19 CRM001 expected ',' or '}}', but got '<stream end>' ({SYNTAX})"],
    ),
    "a third language": (
        AUDIT.replace("summary: {en: a, es: b}", "summary: {en: a, es: b, fr: c}"),
        ["5:28 CRM004 summary.fr: 'fr' does not fit (use 'en' or 'es')"],
    ),
    "no header": (
        "SELECT 1\n",
        [f"1:1 CRM003 '{name}' is missing (add `{name}:`)" for name in
         ("id", "severity", "entity", "category", "summary", "why", "remedy")],
    ),
}  # fmt: skip


def extra(rest: str, type_: str = "text") -> str:
    """The mapping with one more field."""
    return f"{MAPPING}  - field: extra\n    type: {type_}\n    names: {{hubspot: a}}\n{rest}"


def made_of(what: str, type_: str = "text") -> str:
    return extra(f"    made_of: {what}\n", type_)


_COMPANY = (
    "  - field: company\n    type: reference\n    to: company\n"
    "    names: {salesforce: AccountId, hubspot: associatedcompanyid}\n"
)
SOURCES: dict[str, tuple[str, list[str]]] = {
    "a transform that is none": (
        made_of("{salesforce: {transform: concatt, inputs: [A, B]}}"),
        ["13:28 CRM081 field 'extra': unknown transform 'concatt' (did you mean 'concat'?)"],
    ),
    "a transform with too many inputs and strange options": (
        made_of("{salesforce: {transform: split_name, inputs: [A, B], options: {part: middle, prt: first}}}"),
        [
            "13:51 CRM082 field 'extra': split_name takes 1 inputs, not 2 (list the native fields it is made of)",
            "13:77 CRM083 field 'extra': split_name knows no part 'middle' (use first or last)",
            "13:91 CRM083 field 'extra': split_name has no option 'prt' (did you mean 'part'?)",
        ],
    ),
    "a transform without an option it needs": (
        made_of("{salesforce: {transform: split_name, inputs: [Name]}}"),
        ["13:15 CRM083 field 'extra': split_name needs the option 'part' (add `options: {part: first}`)"],
    ),
    "a value made where it is kept": (
        made_of("{hubspot: {transform: concat, inputs: [A]}}"),
        ["13:15 CRM080 field 'extra': hubspot both keeps it and makes it of others "
         "(remove the system from `names` or from `made_of`)"],
    ),
    "a value made where nobody sits": (
        made_of("{salseforce: {transform: concat, inputs: [A]}}"),
        ["13:15 CRM036 field 'extra': no seat in system 'salseforce' (did you mean 'salesforce'?)"],
    ),
    "a value made of a text": (
        made_of("{salesforce: FirstName}"),
        ["13:15 CRM004 fields.2.made_of.salesforce: 'FirstName' does not fit (write names with values: {a: b})"],
    ),
    "a value made of nothing": (
        made_of("{salesforce: {transform: concat}}"),
        ["13:15 CRM003 'inputs' is missing in fields.2.made_of.salesforce (add `inputs:`)"],
    ),
    "a key misspelt in what one object makes": (
        made_of("{salesforce: {Contact: {transform: concat, input: [A]}}}"),
        [
            "13:28 CRM003 'inputs' is missing in fields.2.made_of.salesforce.Contact (add `inputs:`)",
            "13:57 CRM002 unknown key 'input' (did you mean 'inputs'?)",
        ],
    ),
    "an opt-out made of other fields": (
        made_of("{salesforce: {transform: coalesce, inputs: [A, B]}}", "flag") + "    on_conflict: sticky\n",
        ["13:15 CRM088 field 'extra': an opt-out cannot be made of other fields (name the native field that keeps it)"],
    ),
    "a lookup over a text": (
        made_of("{salesforce: {transform: lookup, inputs: [email, name]}}"),
        ["13:47 CRM084 field 'extra': lookup over 'email', which is no reference (name a field of type reference)"],
    ),
    "a lookup that ends half way": (
        made_of("{salesforce: {transform: lookup, inputs: [company]}}") + _COMPANY,
        ["13:47 CRM082 field 'extra': lookup takes 2 inputs, not 1 (write [reference, field]: [company, name])"],
    ),
    "a tax id of a country nobody checks": (
        extra("    country: US\n", "tax_id"),
        ["13:5 CRM085 field 'extra': no check digits are known for 'US' (use one of AR, AT, BE, BG, BR, CL, CO, CY, "
         "CZ, DE, DK, EE, ES, EU, FI, FR, GR, HR, HU, IE, IT, LT, LU, LV, MT, MX, NL, PE, PL, PT, RO, SE, SI, SK, XI, "
         "or leave it out)"],
    ),
    "a country on a text": (
        extra("    country: ES\n    country_from: email\n"),
        [
            "13:5 CRM085 field 'extra': `country` is for tax ids, not for text (use `region` for phones, or remove it)",
            "14:5 CRM086 field 'extra': text does not depend on a country (remove it; it is for phone and tax_id)",
        ],
    ),
    "a country from a field that is not there": (
        extra("    country_from: emial\n", "phone"),
        ["13:5 CRM086 field 'extra': country_from names no field: 'emial' (did you mean 'email'?)"],
    ),
    "a country from an address": (
        extra("    country_from: email\n", "phone"),
        ["13:5 CRM086 field 'extra': no country can be read from 'email' "
         "(name a text or choice that every system keeps itself)"],
    ),
    "a currency from nowhere, and for a text": (
        extra("    currency: EUR\n    currency_from: curency\n", "money")
        + "  - field: more\n    type: text\n    names: {hubspot: b}\n    currency_from: email\n",
        [
            "14:5 CRM086 field 'extra': currency_from names no field: 'curency' (name a field)",
            "18:5 CRM086 field 'more': text has no currency (remove it; it is for money)",
        ],
    ),
    "scopes of nobody": (
        MAPPING + "scope: {salseforce: {A: b}, hubspot: {}, salesforce: {Contat: {A: present}}}\n",
        [
            "10:9 CRM087 scope: no seat in system 'salseforce' (did you mean 'salesforce'?)",
            "10:29 CRM087 scope without a condition (add one, or remove the scope)",
            "10:55 CRM087 scope: 'Contat' is no seat of salesforce (use Contact)",
        ],
    ),
    "a scope in two forms": (
        MAPPING + "scope: {salesforce: {Contact: {A: present}, B: [c]}}\n",
        ["10:9 CRM087 scope: salesforce mixes conditions and objects "
         "(give conditions for each object, or for the system)"],
    ),
    "a scope that is a text": (
        MAPPING + "scope: {hubspot: customer}\n",
        ["10:9 CRM004 scope.hubspot: 'customer' does not fit (write names with values: {a: b})"],
    ),
}  # fmt: skip
MAPPINGS |= SOURCES
