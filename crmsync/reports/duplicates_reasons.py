"""Every likeness that a search can see, as a person would say it; and what its keys are called."""

from __future__ import annotations

from collections.abc import Mapping

from crmsync.core.duplicates import SubjectName
from crmsync.language import N_

_PLACES: Mapping[tuple[str, str], str] = {
    ("place", "same_of_colleagues"): N_("same city"),
    ("place", "same"): N_("same city"),
    ("place", "near"): N_("city one letter apart"),
    ("place", "other"): N_("different cities"),
    ("street", "same"): N_("same street"),
    ("street", "near"): N_("street one letter apart"),
    ("street", "other"): N_("different streets"),
    ("postcode", "same"): N_("same postal code"),
    ("postcode", "near"): N_("postal code one digit apart"),
    ("postcode", "same_area"): N_("postal codes of one area"),
    ("postcode", "other"): N_("different postal codes"),
}
_PERSON: Mapping[tuple[str, str], str] = {
    ("name", "same_both_surnames"): N_("same name with both surnames"),
    ("name", "same"): N_("same name"),
    ("name", "known_as"): N_("same name in another form"),
    ("name", "near"): N_("almost the same name"),
    ("name", "both_near"): N_("first name and surname nearly the same"),
    ("name", "given_only"): N_("same first name, different surname"),
    ("name", "family_only"): N_("same surname, different first name"),
    ("name", "other"): N_("different names"),
    ("email", "same"): N_("same e-mail"),
    ("email", "same_own_local"): N_("same e-mail name at another provider"),
    ("email", "two_at_one_domain"): N_("two e-mails at one company"),
    ("email", "same_local"): N_("same e-mail name at another domain"),
    ("email", "near"): N_("e-mail one letter apart"),
    ("email", "other"): N_("different e-mails"),
    ("phone", "same_of_colleagues"): N_("same phone (colleagues may share it)"),
    ("phone", "same"): N_("same phone"),
    ("phone", "near"): N_("phone one digit apart"),
    ("phone", "other"): N_("different phones"),
    ("employer", "same"): N_("same company"),
    ("employer", "near"): N_("similar company name"),
    ("employer", "other"): N_("different companies"),
    ("date", "same"): N_("same date of birth"),
    ("date", "near"): N_("date of birth one digit apart"),
    ("date", "same_year"): N_("born in the same year"),
    ("date", "other"): N_("different dates of birth"),
    ("ident", "same"): N_("same personal number"),
    ("ident", "near"): N_("personal number one digit apart"),
    ("ident", "other"): N_("different personal numbers"),
    ("other", "same"): N_("same in what else was compared"),
    ("other", "other"): N_("different in what else was compared"),
    **_PLACES,
}
REASONS: Mapping[SubjectName, Mapping[tuple[str, str], str]] = {"person": _PERSON}
"""By subject, comparison and level: all of `crmsync/warehouse/duplicates/`."""
KEYS: Mapping[str, str] = {
    "email": N_("e-mail"),
    "mailbox": N_("shared mailbox"),
    "phone": N_("phone"),
    "line": N_("shared phone"),
    "local": N_("e-mail name"),
    "words": N_("name"),
    "name": N_("name"),
    "name_employer": N_("name and company"),
    "name_place": N_("name and place"),
    "given_employer": N_("first name and company"),
    "family_employer": N_("surname and company"),
    "family_place": N_("surname and place"),
    "date": N_("date of birth"),
    "postcode": N_("postal code"),
    "id": N_("number"),
    "street": N_("street"),
}
"""What a key is made of, by its kind."""
