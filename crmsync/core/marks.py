"""What two texts are compared by when records are recognised; the values themselves stay as they are.

    e-mail   providers that deliver several spellings to one mailbox: one spelling for all of them
    name     without accents and case, runs of blanks as one
    id       the 15 characters of a Salesforce id, as old integrations write it, as the 18 they stand for

`warehouse/marks.py` says the same in SQL, for all records at once; a law test holds the two together.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

# Dots count for nothing, +tags neither, and both domains are one: support.google.com/mail/answer/7436150
# and /answer/10313 (read 2026-11). True of consumer addresses only, not of companies that use Gmail.
DOTLESS: Mapping[str, str] = {"gmail.com": "gmail.com", "googlemail.com": "gmail.com"}

# What follows a + in the local part is a tag of the same mailbox (read 2026-11):
# Outlook.com, Hotmail: zdnet.com/article/microsoft-adds-support-for-custom-email-addresses-in-office-365
# iCloud: en.wikipedia.org/wiki/Email_address#Subaddressing
# Fastmail: fastmail.help/hc/en-us/articles/360060591053
# Proton: proton.me/support/creating-aliases
# Their several domains are not taken for one: who has a name at one need not have it at the other.
TAGGED = frozenset(
    {
        "outlook.com", "hotmail.com", "live.com", "icloud.com", "fastmail.com", "fastmail.fm",
        "proton.me", "protonmail.com", "pm.me",
    }
)  # fmt: skip

CHECK_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
_SHORT_ID = re.compile(r"[A-Za-z0-9]{15}")
_BLANKS = re.compile(r"[ \t\n\f\r]+")


def email_mark(address: str) -> str:
    """The one spelling of a canonical address; as it is wherever nothing is known of the provider."""
    local, _, domain = address.rpartition("@")
    name = local.partition("+")[0]
    if domain in DOTLESS:
        name, domain = name.replace(".", ""), DOTLESS[domain]
    elif domain not in TAGGED:
        return address
    return f"{name}@{domain}" if name else address


def name_mark(text: str) -> str:
    """A name as it is compared: `Pérez  Gil` and `PEREZ GIL` are one."""
    parts = unicodedata.normalize("NFD", text)
    bare = "".join(sign for sign in parts if not unicodedata.category(sign).startswith("M"))
    lowered = "".join(sign.lower() for sign in unicodedata.normalize("NFC", bare))
    return _BLANKS.sub(" ", lowered).strip(" ")


def id_mark(text: str) -> str:
    """A native id as it is compared: 15 letters and digits with their three check characters.

    The 15-character form tells upper from lower case, and each check character says which of five are
    upper case: developer.salesforce.com, "What are the differences between 15 and 18 digit IDs" (read
    2026-11). Ids of other systems come out the same on both sides, so nothing is lost by it.
    """
    text = text.strip(" \t\n\f\r")
    if not _SHORT_ID.fullmatch(text):
        return text
    groups = (text[start : start + 5] for start in (0, 5, 10))
    return text + "".join(CHECK_LETTERS[_upper_bits(group)] for group in groups)


def _upper_bits(group: str) -> int:
    return sum(1 << place for place, letter in enumerate(group) if "A" <= letter <= "Z")
