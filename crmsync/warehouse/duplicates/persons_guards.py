"""What speaks against two records being one person, whatever their weight.

Same surname or none, and another first name: relatives, assistants and whoever shares a mailbox. One name twice in a
firm, or in a town: namesakes.
"""

from __future__ import annotations

from crmsync.warehouse.duplicates.subject import Guard

_OTHER_PERSON = ("family_only", "other")
_SPELLINGS = ("known_as", "near", "initial", "like_names", "both_near")
_NEAR = ("near", "initial", "like_names", "both_near")
_USUAL_NAME = "NOT coalesce(rare_l AND rare_r, false)"
_NOT_ONE_PHONE = ("same_switchboard", "near", "other", None)
_HALF_A_NAME = ("no_surname", "no_first_name", "initial_only")
_OTHER_MAIL = ("two_at_one_domain", "same_local", "near", "other")


GUARDS: tuple[Guard, ...] = (
    Guard("other_first_name_other_mail", {"name": _OTHER_PERSON, "email": _OTHER_MAIL}, 0.0),
    Guard(
        "other_first_name_no_mail",
        {"name": _OTHER_PERSON, "email": (None,), "phone": ("same", *_NOT_ONE_PHONE)},
        0.3,
    ),
    Guard(
        "one_mailbox_two_people",
        {"name": _OTHER_PERSON, "email": ("same",), "phone": ("other",)},
        0.1,
        only="(free_l OR free_r)",
    ),
    Guard(
        "one_mailbox_two_employers",
        {"name": _OTHER_PERSON, "email": ("same",), "employer": ("other",)},
        0.1,
        only="(free_l OR free_r)",
    ),
    Guard(
        "one_mailbox_two_first_names",
        {"name": _OTHER_PERSON, "email": ("same",)},
        1.0,
        never_sure=True,
    ),
    Guard(
        "one_address_with_a_number",
        {"email": ("two_at_one_domain",)},
        0.0,
        only="stem_l = stem_r AND digit_l <> digit_r",
    ),
    Guard(
        "a_number_at_one_domain",
        {"email": ("two_at_one_domain",)},
        0.5,
        only="stem_l = stem_r OR digit_l <> digit_r",
    ),
    Guard(
        "two_mails_two_phones",
        {"email": ("two_at_one_domain",), "phone": ("other",)},
        0.5,
        only=_USUAL_NAME,
    ),
    Guard(
        "two_mails_at_work_two_spellings",
        {"name": _SPELLINGS, "email": ("two_at_one_domain",), "phone": _NOT_ONE_PHONE},
        0.7,
        only=_USUAL_NAME,
    ),
    Guard(
        "two_mails_two_phones_two_spellings",
        {"name": _NEAR, "email": ("other",), "phone": ("other",)},
        0.7,
        only=_USUAL_NAME,
    ),
    Guard(
        "one_local_part_two_spellings",
        {
            "name": _SPELLINGS,
            "email": ("same_own_local",),
            "phone": _NOT_ONE_PHONE,
            "employer": ("near", "other", None),
        },
        0.5,
    ),
    Guard(
        "two_mails_and_only_a_place",
        {"name": ("same", "known_as"), "email": ("other",), "phone": (None,), "employer": (None,)},
        0.7,
    ),
    Guard(
        "two_mails_at_work_no_phone",
        {"email": ("two_at_one_domain",), "phone": ("same_switchboard", "near", None)},
        1.0,
        never_sure=True,
    ),
    Guard(
        "like_names_other_mail",
        {"name": ("like_names",), "email": ("near", "two_at_one_domain")},
        0.5,
    ),
    Guard(
        "one_phone_no_first_name",
        {
            "name": ("no_first_name", "initial"),
            "email": _OTHER_MAIL,
            "phone": ("same",),
            "employer": ("other", None),
        },
        0.5,
    ),
    Guard(
        "one_phone_no_mail",
        {"name": ("no_first_name",), "email": (None,), "phone": ("same",)},
        1.0,
        never_sure=True,
    ),
    Guard(
        "near_names_and_only_a_place",
        {
            "name": _NEAR,
            "email": (*_OTHER_MAIL, None),
            "phone": _NOT_ONE_PHONE,
            "employer": ("other", None),
        },
        0.7,
    ),
    Guard(
        "half_a_name_other_mail",
        {"name": ("no_surname", "initial_only"), "email": _OTHER_MAIL, "phone": _NOT_ONE_PHONE},
        0.7,
    ),
    Guard(
        "half_a_name_other_phone",
        {
            "name": _HALF_A_NAME,
            "email": (*_OTHER_MAIL, None),
            "phone": ("other",),
        },
        0.7,
    ),
    Guard(
        "one_mailbox_half_a_name",
        {"name": (*_HALF_A_NAME, None), "email": ("same",), "employer": ("other",)},
        0.7,
        only="(free_l OR free_r)",
    ),
    Guard(
        "one_mailbox_of_two",
        {
            "name": _OTHER_PERSON,
            "email": ("same",),
            "phone": _NOT_ONE_PHONE,
            "employer": ("near", "other", None),
        },
        0.7,
        only="(free_l OR free_r)",
    ),
    Guard("one_mailbox_no_name", {"name": (None,), "email": ("same",)}, 1.0, never_sure=True),
    Guard(
        "one_mailbox_half_a_name_alone",
        {"name": _HALF_A_NAME, "email": ("same",)},
        1.0,
        only="(free_l OR free_r)",
        never_sure=True,
    ),
    Guard(
        "a_number_in_one_address",
        {"email": ("other", "same_local", None), "phone": _NOT_ONE_PHONE},
        1.0,
        only="coalesce(digit_l, '') <> coalesce(digit_r, '')",
        never_sure=True,
    ),
    Guard(
        "like_names_no_one_mail",
        {"name": ("like_names",), "email": (*_OTHER_MAIL, None)},
        1.0,
        never_sure=True,
    ),
    Guard(
        "two_alphabets_other_mail",
        {"name": ("two_alphabets",), "email": (*_OTHER_MAIL, None)},
        0.5,
    ),
    Guard("two_alphabets", {"name": ("two_alphabets",)}, 1.0, never_sure=True),
    Guard("two_second_surnames", {"name": ("other_second_surname",)}, 0.5),
    Guard("two_answers_to_mail", {}, 1.0, only="opted_out_l <> opted_out_r", never_sure=True),
)
