"""What is said of a pair in place of a level: all tellings of `crmsync/warehouse/duplicates/`, as a person would."""

from __future__ import annotations

from collections.abc import Mapping

from crmsync.language import N_

PERSON_TOLD: Mapping[tuple[str, str], str] = {
    ("name", "same_in_two_alphabets"): N_("same name in another alphabet"),
    ("name", "turned_fields"): N_("same name, first name and surname exchanged"),
    ("name", "turned_near"): N_("almost the same name, first name and surname exchanged"),
    ("name", "turned_surnames"): N_("same first name, same surnames in another order"),
    ("name", "turned_words"): N_("same words of the name in another order"),
    ("name", "same_both_surnames_rare"): N_("same name with both surnames, rare in these records"),
    ("name", "same_rare"): N_("same name, rare in these records"),
    ("name", "known_as_rare"): N_("same name in another or a shorter form, rare in these records"),
    ("name", "near_in_two_alphabets"): N_("almost the same name in another alphabet"),
    ("name", "one_surname"): N_("same first name, one surname in common"),
    ("name", "one_first_name"): N_("same surname, one first name in common"),
    ("name", "initial_one_surname"): N_("one surname in common, first name as an initial"),
    ("name", "one_word"): N_("one word of the name in common, and no more to compare"),
    ("name", "no_first_name_one_surname"): N_("one surname in common, no first names to compare"),
    ("name", "given_only_in_two_alphabets"): N_("same first name, surnames in two alphabets"),
    ("name", "one_surname_near"): N_("same first name, one surname almost alike"),
    ("name", "first_name_near"): N_("first names almost alike, no surnames to compare"),
    ("name", "misspelt_form"): N_("same surname, first name perhaps a misspelt short form"),
    ("name", "other_first_name_one_surname"): N_("one surname in common, different first name"),
    ("employer", "same_name"): N_("same company name"),
    ("employer", "same_name_otherwise"): N_("same company name, written otherwise"),
    ("employer", "same_domain"): N_("same company domain"),
    ("employer", "same_box"): N_("same shared mailbox"),
    ("employer", "same_line"): N_("same shared phone or switchboard"),
    ("employer", "name_is_domain"): N_("company name of one is the domain of the other"),
    ("employer", "initials"): N_("one company name is the initials of the other"),
    ("employer", "part"): N_("one company name is part of the other"),
    ("employer", "abbreviated"): N_("company names alike, one abbreviated"),
    ("employer", "domains_alike"): N_("company domains with different endings"),
    ("employer", "other_line"): N_("different switchboards or shared mailboxes"),
    ("phone", "other_extension"): N_("same phone number, different extensions"),
}
COMPANY_TOLD: Mapping[tuple[str, str], str] = {
    ("name", "abbreviated"): N_("company names alike, one abbreviated"),
    ("name", "other_number"): N_("company names with different numbers"),
    ("phone", "maybe_without_area"): N_("same last digits of the phone, one without area code"),
    ("phone", "same_without_area"): N_("same phone, one without area code"),
}
