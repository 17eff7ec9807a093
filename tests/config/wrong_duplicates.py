"""Mapping files that are wrong about how duplicates are searched."""

from __future__ import annotations

from config.wrong_texts import MAPPING, Wrong


def compared(model: str) -> str:
    """The mapping with a line that says how its records are compared: line 6."""
    return MAPPING.replace("fields:\n", f"duplicates: {model}\nfields:\n")


DUPLICATES: Wrong = {
    "a fact in no field": (
        compared("{parts: {email: emial, phone: [email, phones]}}"),
        [
            "6:22 CRM108 duplicates: no field 'emial' (did you mean 'email'?)",
            "6:36 CRM108 duplicates: no field 'phones' (name a field of this entity)",
        ],
    ),
    "a fact of what nothing refers to": (
        compared("{parts: {employer: email.name}}"),
        ["6:22 CRM108 duplicates: 'email' of 'email.name' is no reference "
         "(name a field of type reference before the dot)"],
    ),
    "a fact that there is not": (
        compared("{parts: {emial: email}}"),
        ["6:22 CRM109 duplicates: a person has no 'emial' (did you mean 'email'?)"],
    ),
    "a fact of another subject": (
        compared("{subject: company, parts: {given_name: email, domain: email}}"),
        ["6:40 CRM109 duplicates: a company has no 'given_name' "
         "(use some of name, domain, phone, street, postcode, place, country, id, parent)"],
    ),
    "nothing to compare": (
        compared("{subject: deal, parts: {}}"),
        ["6:29 CRM109 duplicates: nothing to compare "
         "(name some of name, customer, amount, currency, date, stage, id)"],
    ),
    "nothing but what speaks against a pair": (
        compared("{parts: {erased: email}}"),
        ["6:14 CRM109 duplicates: nothing to compare (name some of given_name, family_name, full_name, email, phone, "
         "employer, domain, date, street, postcode, place, id, other, erased, opted_out)"],
    ),
    "a review that is surer than sure": (
        compared("{parts: {email: email}, review: 0.9, sure: 0.7}"),
        ["6:1 CRM110 duplicates: review 0.9 and sure 0.7 (write probabilities from 0.5 to 1, review not above sure)"],
    ),
    "groups of one": (
        compared("{parts: {email: email}, largest: 1, crowded: 0}"),
        [
            "6:37 CRM110 duplicates: largest 1 is less than 2 (write 2 or more)",
            "6:49 CRM110 duplicates: crowded 0 is less than 2 (write 2 or more)",
        ],
    ),
    "a clean system that is none": (
        compared("{parts: {email: email}, clean: [hubspt]}"),
        ["6:45 CRM111 duplicates: no seat in system 'hubspt' (did you mean 'hubspot'?)"],
    ),
}  # fmt: skip
