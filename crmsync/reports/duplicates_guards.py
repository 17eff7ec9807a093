"""What spoke against a pair, in words: a guard that held its probability down."""

from __future__ import annotations

from collections.abc import Mapping

from crmsync.language import N_

GUARDS: Mapping[str, str] = {
    "other_first_name_other_mail": N_("another first name and another e-mail"),
    "other_first_name_no_mail": N_("another first name, and no e-mail to compare"),
    "one_mailbox_two_people": N_("one e-mail, but two first names and two phones"),
    "one_mailbox_two_employers": N_("one e-mail, but two first names and two companies"),
    "one_mailbox_two_first_names": N_("one e-mail, and not the same first name"),
    "two_mails_two_phones": N_("two e-mails at one company and two phones: namesakes"),
    "two_mails_at_work_two_spellings": N_("two e-mails at one company, and the name only alike"),
    "two_mails_two_phones_two_spellings": N_("two e-mails, two phones, and the name only alike"),
    "one_local_part_two_spellings": N_(
        "same e-mail name at two providers, and the name only alike"
    ),
    "two_mails_and_only_a_place": N_(
        "one name and two e-mails, with no phone or company to compare"
    ),
    "two_mails_at_work_no_phone": N_("two e-mails at one company, and no phone to compare"),
    "two_alphabets_other_mail": N_("names in two alphabets, and no e-mail in common"),
    "two_alphabets": N_("names in two alphabets"),
    "two_second_surnames": N_("two second surnames"),
    "two_answers_to_mail": N_("one said no to e-mails, the other did not"),
    "one_address_with_a_number": N_(
        "one e-mail name at one company, with another figure: namesakes"
    ),
    "a_number_at_one_domain": N_("two e-mails at one company, one of them with a figure"),
    "like_names_other_mail": N_("first names that are only alike, and two e-mails"),
    "one_phone_no_first_name": N_("one phone, but no first name to compare, and two e-mails"),
    "one_phone_no_mail": N_("one phone, and neither first name nor e-mail to compare"),
    "near_names_and_only_a_place": N_(
        "names only alike, and neither e-mail nor phone nor company in common"
    ),
    "half_a_name_other_mail": N_("a surname is missing, and the e-mails differ"),
    "half_a_name_other_phone": N_("half a name is missing, and the phones differ"),
    "one_mailbox_half_a_name": N_("one e-mail, half a name missing, and two companies"),
    "one_mailbox_of_two": N_("one private e-mail, two first names, and nothing else in common"),
    "one_mailbox_no_name": N_("one e-mail, and one has no name"),
    "one_mailbox_half_a_name_alone": N_("one private e-mail, and half a name missing"),
    "a_number_in_one_address": N_(
        "a figure in the e-mail of one, and neither e-mail nor phone in common"
    ),
    "like_names_no_one_mail": N_("first names that are only alike, and no e-mail in common"),
    "several_firms_one_domain": N_(
        "a name that several companies have, and only the domain in common"
    ),
    "two_tax_ids": N_("two valid tax ids"),
    "two_unproven_tax_ids": N_("two tax ids, not both valid"),
    "head_and_branch": N_("parent and subsidiary"),
    "two_countries": N_("two countries"),
    "holding": N_("one is the group or holding"),
    "country_added": N_("a country in one name only, and the other country unknown"),
    "two_branches": N_("one domain, two cities and two phones: branches"),
    "branch_unknown": N_("a domain of several branches, and nothing else in common"),
    "name_of_several_firms": N_("a name that several companies have, and nothing else in common"),
    "name_of_several_firms_in_one_town": N_(
        "a name that several companies have, and not the same legal form"
    ),
    "usual_name_in_one_town": N_("a usual company name"),
    "name_of_several_firms_two_phones": N_("a name that several companies have, and two phones"),
    "name_of_several_firms_two_forms": N_(
        "a name that several companies have, and two legal forms"
    ),
    "two_domains_country_unknown": N_("two endings of one domain, and the country unknown"),
    "two_legal_forms": N_("two legal forms, and neither domain nor phone nor tax id in common"),
    "two_domains_two_towns": N_("two domains and two cities"),
    "two_domains_two_phones": N_("two domains and two phones"),
    "domain_of_a_group": N_("one domain, two names: a group of companies"),
    "other_name": N_("two company names"),
    "two_customers": N_("two customers"),
    "customer_unknown": N_("the customer of one is unknown"),
    "two_things": N_("two deal names"),
    "name_unknown": N_("one has no name"),
    "thing_and_more": N_("one name says more than the other"),
    "two_of_several": N_("two numbers in the names"),
    "one_of_several": N_("a number in one name only"),
    "months_apart": N_("closing dates months apart"),
    "weeks_apart": N_("closing dates weeks apart"),
    "date_unknown": N_("one has no closing date"),
    "two_amounts": N_("two amounts"),
    "two_currencies": N_("two currencies"),
}
"""By the name of the guard, of whatever subject: all of `crmsync/warehouse/duplicates/`."""
