"""What speaks against two records being one company, whatever else agrees.

Names, towns and phones are shared by right: by branches, holdings, subsidiaries and namesakes. A tax id is not.
"""

from __future__ import annotations

from collections.abc import Mapping

from crmsync.warehouse.duplicates.subject import Guard

_NOT_SAME_ID = ("slip", "other_unproven", "other", None)
_OTHER_PHONE = ("near", "other", None)
_SEVERAL: Mapping[str, tuple[str | None, ...]] = {
    "name": ("same_of_several_firms",),
    "domain": ("same_label", "near", "other", None),
    "phone": _OTHER_PHONE,
    "tax_id": _NOT_SAME_ID,
}

GUARDS: tuple[Guard, ...] = (
    Guard("two_tax_ids", {"tax_id": ("other",)}, 0.0),
    Guard("two_unproven_tax_ids", {"tax_id": ("other_unproven",)}, 0.1),
    Guard("head_and_branch", {"kinship": ("head_and_branch",)}, 0.0),
    Guard("two_countries", {"country": ("other",)}, 0.0),
    Guard("holding", {"name": ("holding",)}, 0.0),
    Guard("country_added", {"name": ("country_added",), "country": (None,)}, 0.3),
    Guard(
        "two_branches",
        {"domain": ("same", "same_of_branches"), "place": ("other",), "phone": ("other",)},
        0.5,
    ),
    Guard(
        "several_firms_one_domain",
        {
            "name": ("same_of_several_firms",),
            "domain": ("same",),
            "place": ("near", "other", None),
            "phone": ("near", None),
            "tax_id": _NOT_SAME_ID,
        },
        1.0,
        never_sure=True,
    ),
    Guard(
        "branch_unknown",
        {
            "domain": ("same_of_branches",),
            "place": ("near", "other", None),
            "phone": _OTHER_PHONE,
            "tax_id": _NOT_SAME_ID,
        },
        0.5,
    ),
    Guard(
        "name_of_several_firms",
        {**_SEVERAL, "place": ("near", "other", "same_as_in_name", None)},
        0.5,
    ),
    Guard("name_of_several_firms_in_one_town", {**_SEVERAL, "legal_form": ("other", None)}, 0.5),
    Guard("usual_name_in_one_town", _SEVERAL, 0.5, only="others_l > 1.5"),
    Guard("name_of_several_firms_two_phones", {**_SEVERAL, "phone": ("other",)}, 0.5),
    Guard(
        "name_of_several_firms_two_forms",
        {**_SEVERAL, "legal_form": ("other",), "domain": ("same", "same_of_branches")},
        0.5,
    ),
    Guard(
        "two_domains_country_unknown",
        {
            "domain": ("same_label",),
            "country": (None,),
            "phone": _OTHER_PHONE,
            "tax_id": _NOT_SAME_ID,
        },
        0.7,
    ),
    Guard(
        "two_legal_forms",
        {
            "legal_form": ("other",),
            "tax_id": _NOT_SAME_ID,
            "domain": ("same_label", "near", "other", None),
            "phone": _OTHER_PHONE,
        },
        0.0,
    ),
    Guard(
        "two_domains_two_towns",
        {"domain": ("other",), "place": ("other",), "phone": _OTHER_PHONE, "tax_id": _NOT_SAME_ID},
        0.0,
    ),
    Guard(
        "two_domains_two_phones",
        {
            "domain": ("other",),
            "place": ("other", "same_as_in_name", None),
            "phone": ("other",),
            "tax_id": _NOT_SAME_ID,
        },
        0.0,
    ),
    Guard(
        "domain_of_a_group",
        {"name": ("other",), "domain": ("same_under_other_name",), "phone": _OTHER_PHONE},
        0.5,
    ),
    Guard(
        "other_name",
        {
            "name": ("other",),
            "tax_id": _NOT_SAME_ID,
            "domain": ("same_of_branches", "near", "other", None),
        },
        0.5,
    ),
)
