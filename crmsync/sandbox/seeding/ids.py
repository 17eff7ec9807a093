"""Record ids in the shape each CRM gives them."""

from __future__ import annotations

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_SUFFIX = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"

# Key prefixes: describes recorded by the CumulusCI project (read 2026-11).
KEY_PREFIXES = {
    "Account": "001",
    "Contact": "003",
    "Lead": "00Q",
    "Opportunity": "006",
    "OpportunityContactRole": "00K",
    "User": "005",
    "Task": "00T",
    "Event": "00U",
    "Campaign": "701",
    "CampaignMember": "00v",
    "LeadHistory": "017",
    "OpportunityFieldHistory": "017",
}

_HUBSPOT_FIRST = {
    "contacts": 210_000_000_000,
    "companies": 310_000_000_000,
    "deals": 410_000_000_000,
}


def check_suffix(id15: str) -> str:
    """The three characters that make a 15-character Salesforce id safe to compare without case.

    Bit b of a group of five is set when its character b is an upper-case letter.
    """
    groups = (id15[start : start + 5] for start in (0, 5, 10))
    return "".join(
        _SUFFIX[sum(1 << bit for bit, sign in enumerate(group) if "A" <= sign <= "Z")]
        for group in groups
    )


def salesforce_id(object_name: str, serial: int) -> str:
    """The 18-character id of the serial-th seeded record of an object; ids sort as serials do.

    The instance part (`7sD`) keeps them apart from ids that a simulator gives out itself.
    """
    rest, signs = serial, []
    for _ in range(9):
        rest, digit = divmod(rest, 62)
        signs.append(_DIGITS[digit])
    id15 = KEY_PREFIXES[object_name] + "7sD" + "".join(reversed(signs))
    return id15 + check_suffix(id15)


def is_salesforce_id(text: str, object_name: str) -> bool:
    """Whether this is an 18-character id of that object with the right check suffix."""
    well_formed = len(text) == 18 and text.isalnum() and text.isascii()
    prefix = KEY_PREFIXES.get(object_name)
    return well_formed and text[:3] == prefix and check_suffix(text[:15]) == text[15:]


def hubspot_id(object_name: str, serial: int) -> str:
    """The 12-digit id of the serial-th seeded record of an object; ids sort as serials do."""
    return str(_HUBSPOT_FIRST[object_name] + serial * 37)
