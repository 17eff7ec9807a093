"""Mapping files that are wrong in one way each: keys, types, policies, names, match rules and native links."""

from __future__ import annotations

from config.wrong_texts import LINKED, MAPPING, QUOTES, Wrong, typed

MAPPINGS: Wrong = {
    "an unknown key": (
        MAPPING + "    on_conflct: ask\n",
        ["10:5 CRM002 unknown key 'on_conflct' (did you mean 'on_conflict'?)"],
    ),
    "an unknown key like no other": (
        MAPPING + "zzzzqqqq: 1\n",
        ["10:1 CRM002 unknown key 'zzzzqqqq' (remove it)"],
    ),
    "a key misspelt, which is not missing as well": (
        MAPPING.replace("entity:", "entitty:"),
        ["1:1 CRM002 unknown key 'entitty' (did you mean 'entity'?)"],
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
        ["10:5 CRM035 field 'email': 'hubspott' wins but has no such field (did you mean 'hubspot'?)"],
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
        ["10:5 CRM004 field 'email': blank: 'ingore' does not fit (use 'ignore', 'propagate' or 'ask')"],
    ),
    "no direction in the braces": (
        MAPPING + "    direction: {}\n    blnk: ask\n",
        ["10:5 CRM004 field 'email': direction: a mapping does not fit (use 'both' or 'none' or {to: SYSTEM})",
         "11:5 CRM002 unknown key 'blnk' (did you mean 'blank'?)"],
    ),
    "nothing in the braces of create": (
        MAPPING.replace("object: contacts}", "object: contacts, create: {}}"),
        ["4:41 CRM004 seats.2.create: a mapping does not fit (use 'never' or 'ask' or {when: {FIELD: present}})"],
    ),
    "an unknown direction": (
        MAPPING + "    direction: up\n",
        ["10:5 CRM004 field 'email': direction: 'up' does not fit (use 'both' or 'none' or {to: SYSTEM})"],
    ),
    "a direction that leads nowhere": (
        MAPPING + "    direction: {to: hubspott}\n",
        [
            "10:5 CRM047 field 'email': goes to 'hubspott', which has no such field "
            "(did you mean 'hubspot'?)"
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
        ["9:26 CRM036 field 'email': 'Contcat' is no seat of salesforce (did you mean 'Contact'?)"],
    ),
    "a field twice": (
        MAPPING + "  - {field: email, type: text, names: {salesforce: Name}}\n",
        ["10:6 CRM037 field 'email' is there twice, first in line 7 (remove one)"],
    ),
    "a native field mapped twice": (
        MAPPING + "  - {field: mail, type: text, names: {salesforce: Email}}\n",
        ["10:39 CRM038 salesforce Contact.Email is mapped to 'email' already, in line 7 (map each native field once)"],
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
        typed("choice") + "    values: {sap: {a: b}}\n",
        ["10:14 CRM045 field 'email': values for 'sap', which has no such field (name one of salesforce, hubspot)"],
    ),
    "values for a system that the field calls otherwise": (
        typed("choice").replace("hubspot: email", "hubspt: email")
        + "    values: {hubspot: {a: b}}\n    on_conflict: {prefer: hubspot}\n    direction: {to: hubspot}\n",
        ["9:32 CRM036 field 'email': no seat in system 'hubspt' (did you mean 'hubspot'?)"],
    ),
    "values for a stranger, and a misspelt system": (
        typed("choice").replace("hubspot: email", "hubspt: email") + "    values: {hubspta: {a: b}}\n",
        [
            "9:32 CRM036 field 'email': no seat in system 'hubspt' (did you mean 'hubspot'?)",
            "10:14 CRM045 field 'email': values for 'hubspta', which has no such field (name one of salesforce)",
        ],
    ),
    "values of a date": (
        typed("date") + "    values: {hubspot: {monday: one}}\n",
        ["10:5 CRM092 field 'email': `values` has no effect on type date "
         "(remove it, or change the type to choice, choices, flag, owner, references)"],
    ),
    "an entry that is there twice": (
        MAPPING + "  - field: email\n    type: email\n    names: {salesforce: Email, hubspot: email}\n",
        ["10:5 CRM037 field 'email' is there twice, first in line 7 (remove one)"],
    ),
    "native fields of two objects mapped twice, both ways": (
        MAPPING.replace("match:", "  - {system: salesforce, object: Lead}\nmatch:")
        + "  - field: mail\n    type: email\n    names: {salesforce: Email, hubspot: email}\n",
        [
            "13:13 CRM038 salesforce Contact.Email is mapped to 'email' already, in line 8 "
            "(map each native field once)",
            "13:32 CRM038 hubspot contacts.email is mapped to 'email' already, in line 8 "
            "(map each native field once)",
        ],
    ),
    "values that look like something else": (
        typed("flag") + "    values: {hubspot: {yes: 1}}\n",
        [f"10:24 CRM004 field 'email': values.hubspot.yes: 1 does not fit ({QUOTES})"],
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
        ["10:5 CRM004 field 'email': order: 'high' does not fit (write a list: [a, b])"],
    ),
    "a text where names belong": (
        MAPPING.replace("{salesforce: Email, hubspot: email}", "Email"),
        ["9:5 CRM004 field 'email': names: 'Email' does not fit (write names with values: {a: b})"],
    ),
    "a third language": (
        MAPPING + "    doc: {fr: Oui}\n",
        ["10:11 CRM004 field 'email': doc.fr: 'fr' does not fit (use 'en' or 'es')"],
    ),
    "a reason in a language that is not there": (
        MAPPING + "    why: {fr: Oui}\n",
        ["10:11 CRM004 field 'email': why.fr: 'fr' does not fit (use 'en' or 'es')"],
    ),
    "a reason that is no text": (
        MAPPING + "    why: 5\n",
        ["10:5 CRM004 field 'email': why: 5 does not fit (write a text, in quotes if it looks like something else)"],
    ),
}  # fmt: skip
