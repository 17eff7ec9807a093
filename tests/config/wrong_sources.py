"""Mapping files that are wrong about where a value comes from, and which records take part."""

from __future__ import annotations

from config.wrong_texts import COMPANY, MAPPING, Wrong, extra, made_of

SOURCES: Wrong = {
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
        ["13:15 CRM004 field 'extra': made_of.salesforce: 'FirstName' does not fit (write names with values: {a: b})"],
    ),
    "a value made of nothing": (
        made_of("{salesforce: {transform: concat}}"),
        ["13:15 CRM003 field 'extra': 'inputs' is missing in made_of.salesforce (add `inputs:`)"],
    ),
    "a key misspelt in what one object makes": (
        made_of("{salesforce: {Contact: {transform: concat, input: [A]}}}"),
        [
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
        made_of("{salesforce: {transform: lookup, inputs: [company]}}") + COMPANY,
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
            "10:55 CRM087 scope: 'Contat' is no seat of salesforce (did you mean 'Contact'?)",
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
