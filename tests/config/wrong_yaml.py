"""Mapping files that are no YAML, or YAML that is no plain data."""

from __future__ import annotations

from config.wrong_texts import MAPPING, QUOTES, SYNTAX, Wrong

YAML: Wrong = {
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
        ["2:1 CRM001 'entity' is there twice (write one of them, with what both say)"],
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
    "a colon inside a text": (
        MAPPING + "    why: Sales: they know the customer\n",
        ['10:15 CRM001 a colon inside a text (put the text in quotes: "...")'],
    ),
    "a key that is indented too deep": (
        MAPPING.replace("    names:", "      names:"),
        ["9:12 CRM001 this line does not stand below the lines it belongs to "
         "(indent it with as many blanks as its neighbours)"],
    ),
    "a system without its braces": (
        MAPPING + "    on_conflict: prefer salesforce\n    direction: both\n",
        ["10:5 CRM032 field 'email': unknown policy 'prefer salesforce' (write `on_conflict: {prefer: salesforce}`)"],
    ),
    "a direction without its braces": (
        MAPPING + "    direction: to hubspot\n",
        ["10:5 CRM004 field 'email': direction: 'to hubspot' does not fit (use 'both' or 'none' or {to: SYSTEM})"],
    ),
    "another encoding than UTF-8": (MAPPING + "    doc: {es: Tel\udce9fono}\n",
        ["10:18 CRM001 this sign is not in UTF-8: the file was saved in another encoding (save the file as UTF-8)"]),
    "two documents": (MAPPING + "---\n" + MAPPING, [f"10:1 CRM001 but found another document ({SYNTAX})"]),
    "nothing": ("", ["1:1 CRM004 the file: nothing does not fit (write names with values: {a: b})"]),
    "a list": ("- a\n", ["1:1 CRM004 the file: a list does not fit (write names with values: {a: b})"]),
    "a tag of another language": (
        MAPPING.replace("entity: contact", "entity: !!python/object:os.system x"),
        ["1:1 CRM005 a tag or a list where a plain value belongs (write a plain value)"],
    ),
    "a set": (
        MAPPING + "scope: !!set {a, b}\n",
        ["10:1 CRM005 a tag or a list where a plain value belongs (write a plain value)"],
    ),
    "bytes": (
        MAPPING.replace("match: [key, email]", "match: !!binary aGk="),
        ["5:1 CRM005 a tag or a list where a plain value belongs (write a plain value)"],
    ),
    "a key that is a list": (
        "? [a, b]\n: c\n",
        ["1:1 CRM005 a tag or a list where a plain value belongs (write a plain value)"],
    ),
    "inheritance": (
        MAPPING + "  - &mail {field: mail, type: text, names: {salesforce: Mail}}\n  - {<<: *mail, field: other}\n",
        ["11:6 CRM005 '<<' is not used here (write the keys out)"],
    ),
    "inheritance in lines of its own": (
        MAPPING + "  - &mail {field: mail, type: text, names: {salesforce: Mail}}\n  - field: other\n    <<: *mail\n",
        ["12:5 CRM005 '<<' is not used here (write the keys out)"],
    ),
    "a list with a tag": (
        MAPPING.replace("entity: contact", 'entity: !!python/object/apply:os.system ["echo"]'),
        ["1:1 CRM005 a tag or a list where a plain value belongs (write a plain value)"],
    ),
    "a list with a tag of one's own": (
        MAPPING.replace("match: [key, email]", "match: !rules [key, email]"),
        ["5:1 CRM005 a tag or a list where a plain value belongs (write a plain value)"],
    ),
    "a mapping with a tag": (
        MAPPING.replace("names: {", "names: !x {"),
        ["9:5 CRM005 a tag or a list where a plain value belongs (write a plain value)"],
    ),
    "a number nobody counts": (
        MAPPING + "scope: {hubspot: {a: [" + "9" * 5000 + "]}}\nblnk: x\n",
        ["10:23 CRM005 a number of 5000 digits (write it in quotes if it is a text)",
         "11:1 CRM002 unknown key 'blnk' (remove it)"],
    ),
    "no number": (
        MAPPING + "scope: {hubspot: {a: [.nan, .inf]}, hubspt: {a: b}}\n",
        ["10:37 CRM087 scope: no seat in system 'hubspt' (did you mean 'hubspot'?)"],
    ),
    "half a character": (
        MAPPING.replace("entity: contact", 'entity: "\\ud800"'),
        ["1:1 CRM005 half a character (write the character itself)"],
    ),
    "an anchor that contains itself": (
        MAPPING.replace("match: [key, email]", "match: &a\n  - *a"),
        [f"5:8 CRM004 match.1: nothing does not fit ({QUOTES})"],
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
    "values without end, which are counted before they are read": (
        "a: [" + "x," * 400_000 + "]\n",
        [
            "1:1 CRM005 the file has 2 lines and more than 50000 values, too many for one file "
            "(split it, one file an entity; records belong in a CSV)"
        ],
    ),
    "brackets without end in a later line": (
        MAPPING + "a: " + "[" * 3000 + "]" * 3000,
        ["10:1 CRM001 the file contains itself, or is nested too deep (write it without anchors)"],
    ),
    "brackets without end": (
        "a: " + "[" * 3000 + "]" * 3000,
        ["1:1 CRM001 the file contains itself, or is nested too deep (write it without anchors)"],
    ),
}  # fmt: skip
