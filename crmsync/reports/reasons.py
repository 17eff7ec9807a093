"""Reason codes of the core as sentences a person reads.

A code is a word, or a word with what it is about after a colon: systems (`changed:hubspot`), a field
(`condition:email`), a system with a day (`deleted:salesforce,2026-11-20`), or for `disagree:` another code.
tests/reports reads the core's source and fails for a code that is not here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from crmsync.core.policies import POLICIES
from crmsync.language import N_, translate
from crmsync.reports.cleaning import clean
from crmsync.reports.numbers import day_text
from crmsync.reports.words import joined, system_name

REASONS: Mapping[str, str] = {
    "changed": N_("{systems} changed it, and no other side did."),
    "fill": N_("The other side has a value and this one is blank."),
    "agree": N_("Every side holds the same value."),
    "prefer": N_("{systems} is preferred for this field."),
    "prefer_blank": N_("{systems} is preferred but blank, so the other value counts."),
    "always": N_("{systems} always decides this field."),
    "silent": N_("{systems} decides this field and has no value, so each side keeps its own."),
    "newest": N_("{systems} was edited last."),
    "too_close": N_(
        "{systems} were edited at nearly the same time, so nobody can say which is newer."
    ),
    "disagree": N_("{systems} disagree, and the mapping leaves it to a person."),
    "cleared": N_("It was emptied in {systems}."),
    "emptied": N_("Nothing would be left of what {systems} held, so a person decides."),
    "union": N_("Everything that any side added, without what a side took away."),
    "highest": N_("The highest stage that any side holds."),
    "sticky": N_("Once out, always out: an opt-out is never taken back."),
    "create": N_("A new record, with what {systems} holds."),
    "alone": N_("Only one system holds a value."),
    "own": N_("Each side keeps its own value."),
    "unknown": N_("No system holds a value."),
    "condition": N_("The condition on {field} is not met."),
    "outside_scope": N_(
        "The new record would take no part at once: it would not meet the scope's condition on {field}."
    ),
    "ask": N_(
        "The mapping asks for a person's word before it creates here. Create it by hand, or let the mapping say when: "
        "`create` with `when` (docs/mapping.md)."
    ),
    "empty": N_("There is nothing to create it with."),
    "lookalike": N_(
        "Somebody who looks the same is there already; creating would copy a duplicate."
    ),
    "no_key": N_(
        "{systems} has no unique field for our key, without which it might take a record twice. Put it in "
        "(crmsync footprint install) and plan again."
    ),
    "claimed": N_(
        "{systems} says that it holds this record already, and takes no second one. Merge them there, give them "
        "what they are matched by, or leave it: it is not sent again before something changes."
    ),
    "taken": N_(
        "{systems} does not take {field} here, because another record has that value already. Merge the two, or "
        "correct the value: it is not sent again before something changes."
    ),
    "ambiguous": N_(
        "These records share {field}, and nobody can tell which of them are one customer."
    ),
    "double": N_(
        "Several records of one system say that they are one and the same record of the other."
    ),
    "crossed": N_(
        "The native link leads to one record, and what else is known of these leads to another."
    ),
    "needs_merge": N_(
        "Records of two customers became one here, by a merge or a conversion; merge their other records, too."
    ),
    "decided_doubt": N_(
        "People decided that these are one, and that some of them are two. Until one of the decisions is changed "
        "(crmsync fix decide), none of them is linked."
    ),
    "decided_merge": N_(
        "People decided that these are one, and one system holds several of them, of which only one can be linked: "
        "merge those there first."
    ),
    "decided_linked": N_(
        "People decided that these are one, and they belong to customers who have other records there. A link is for "
        "good: merge in each system what is one; the links follow."
    ),
    "decided_two": N_(
        "People decided that these are two, but they are linked already, and a link stays. Take back the decision, or "
        "give one of them a new record and delete the linked one."
    ),
    "unseen": N_(
        "A lead of this customer was converted, and what it became was not read: it is hidden from this user, "
        "or was deleted."
    ),
    "gone": N_("There was a record and it is gone; what was deleted does not come back by itself."),
    "deleted": N_(
        "It was deleted in {systems} on {when}; what was deleted does not come back by itself."
    ),
    "merged_away": N_(
        "It was merged in {systems} on {when} into {field}; what was merged does not come back by itself."
    ),
    "crowded": N_(
        "Two records of one system belong to this customer, and nobody can say which counts."
    ),
    "outside": N_("The scope leaves out whom {field} would lead to; what is tied already stays."),
    "never": N_("The mapping does not create here."),
    "written_since": N_(
        "A run wrote it after the last read, so what was read does not tell who differs."
    ),
    "unread": N_("One system holds a value; what {systems} holds cannot be read."),
    "unreadable": N_("No system holds a value that can be read."),
    "unfit": N_("The field cannot keep it."),
    "unfit_long": N_("It is longer than the {field} characters that the field holds."),
    "unfit_option": N_("The field takes only the options of its own list; this is none of them."),
    "unfit_role": N_("This system has no word for its role."),
    "unfit_absent": N_("It leads to a record that this system does not hold."),
    "unfit_owner": N_("No active user of this system, or more than one, has that e-mail."),
    "unfit_currency": N_("The field is kept in another currency."),
    "unfit_day": N_("There is no such day or time in that field."),
    "unfit_refused": N_("The system took it once and did not keep it; it is not sent again."),
}
_MERGED = N_("It was merged into another record; what was merged does not come back by itself.")
_MERGED_SOMETIME = N_(
    "It was merged in {systems} into {field}; what was merged does not come back by itself."
)
"""What is said of merges where nobody says of which record, and where nobody says when."""
_UNNAMED = N_("The reason is “{code}”.")
_BY_RULE = N_("The rule “{rule}” of the mapping decides.")
"""What is said of a policy that has no sentence of its own, so that a new one needs none."""


_DATED = ("deleted", "merged_away")
"""Codes about a record that went: a system, a day, and the record in its place if there is one."""
_COUNTED_AS: Mapping[str, str] = {"deleted": "gone", "merged_away": "merged_away"}


def in_short(code: str) -> str:
    """The code by which reasons are counted: `gone` or `merged_away`, whenever it was and into whichever record."""
    name = code.partition(":")[0]
    return _COUNTED_AS.get(name, code)


def reason_text(code: str, language: str) -> str:
    """The sentence of a reason code; a code nobody knows is quoted."""
    name, _, about = code.partition(":")
    inner = about.partition(":")[0]
    if name == "disagree" and ":" in about and inner in REASONS:
        return reason_text(about, language)
    if name in POLICIES and name not in REASONS:
        return translate(_BY_RULE, language).format(rule=name)
    if name not in REASONS:
        return translate(_UNNAMED, language).format(code=clean(code, 60))
    if name in _SPECIAL:
        return _SPECIAL[name](name, about, language)
    systems = joined([system_name(each) for each in about.split(",") if each], language)
    return translate(REASONS[name], language).format(
        systems=systems or translate("One side", language), field=clean(about, 60)
    )


_MARKS: Mapping[str, str] = {
    "domain": N_("the web domain"),
    "email": N_("the e-mail address"),
    "name": N_("the name"),
    "first_name": N_("the first name"),
    "last_name": N_("the last name"),
    "phone": N_("the phone number"),
    "tax_id": N_("the tax id"),
    "company": N_("the company"),
    "country": N_("the country"),
    "close_date": N_("the close date"),
}
"""What records are usually recognised by."""


def marks_text(about: str, language: str) -> str:
    """Fields that records share, in words; one that no word is known for is written as it is."""
    fields = [each.strip() for each in re.split(r"[,+&]", about) if each.strip()]
    known = fields if fields and set(fields) <= set(_MARKS) else []
    return joined([translate(_MARKS[each], language) for each in known], language) or clean(
        about, 60
    )


def _sharing(name: str, about: str, language: str) -> str:
    return translate(REASONS[name], language).format(field=marks_text(about, language))


def _dated(name: str, about: str, language: str) -> str:
    system, _comma, rest = about.partition(",")
    when, _comma, into = rest.partition(",")
    text = REASONS[name] if when else _MERGED_SOMETIME if into else _MERGED
    return translate(text, language).format(
        systems=system_name(system) if system else translate("One side", language),
        when=day_text(when, language) if when else "",
        field=clean(into, 40),
    )


def _of_fields(name: str, about: str, language: str) -> str:
    system, *fields = about.split(",")
    return translate(REASONS[name], language).format(
        systems=system_name(system) if system else translate("One side", language),
        field=joined([clean(each, 60) for each in fields if each], language),
    )


_SPECIAL: Mapping[str, Callable[[str, str, str], str]] = {
    **dict.fromkeys(_DATED, _dated),
    "taken": _of_fields,
    "ambiguous": _sharing,
}
"""Codes that are about more than systems or one field."""
