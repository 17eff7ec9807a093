"""Where mail for advertising needs consent beforehand: a table of countries, their statute and since when it binds.

It tells an audit where to look, and is no legal advice: most of these laws let a company write to its own customers
about like products, and some spare addresses of companies. Countries in which a person has to object first (the United
States, Mexico, Argentina, Singapore, India) are left out on purpose.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ConsentLaw:
    """A country (ISO 3166), the provision that asks for consent, and the day since which it binds."""

    country: str
    law: str
    since: str


# The European Economic Area: article 13 of the directive had to be law by this day, in later members when they joined.
_EUROPE = "ePrivacy Directive 2002/58/EC, art. 13; GDPR, art. 6 and 7"
_EEA = (
    *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE"),
    *("IS", "IT", "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK"),
)
# What belongs to one of them and has a code of its own.
_OUTSKIRTS = ("AX", "GF", "GP", "MF", "MQ", "RE", "YT")

# Each is the statute itself, as it stood in 2026-11.
CONSENT_LAWS: tuple[ConsentLaw, ...] = (
    *(ConsentLaw(code, _EUROPE, "2003-10-31") for code in (*_EEA, *_OUTSKIRTS)),
    ConsentLaw("AU", "Spam Act 2003, s. 16", "2004-04-10"),
    ConsentLaw("BR", "Lei 13.709/2018 (LGPD), art. 7 e 8", "2020-09-18"),
    ConsentLaw("CA", "Anti-Spam Legislation (S.C. 2010, c. 23), s. 6", "2014-07-01"),
    ConsentLaw("CH", "UWG, Art. 3 Abs. 1 lit. o", "2007-04-01"),
    ConsentLaw("CO", "Ley 1581 de 2012, art. 9", "2012-10-18"),
    ConsentLaw("EC", "Ley Orgánica de Protección de Datos Personales, art. 7 y 8", "2021-05-26"),
    ConsentLaw("GB", "Privacy and Electronic Communications Regulations 2003, reg. 22", "2003-12-11"),
    ConsentLaw("IL", "Communications Law, s. 30A", "2008-12-01"),
    ConsentLaw("JP", "Act on Regulation of Transmission of Specified Electronic Mail, art. 3", "2008-12-01"),
    ConsentLaw("KR", "Network Act, art. 50", "2014-11-29"),
    ConsentLaw("NZ", "Unsolicited Electronic Messages Act 2007, s. 9", "2007-09-05"),
    ConsentLaw("PE", "Ley 29571, art. 58.1.e (D. L. 1390)", "2018-09-06"),
    ConsentLaw("TR", "Law 6563 on electronic commerce, art. 6", "2015-05-01"),
    ConsentLaw("UY", "Ley 18.331, art. 9", "2008-08-18"),
    ConsentLaw("ZA", "Protection of Personal Information Act 4 of 2013, s. 69", "2021-07-01"),
)  # fmt: skip
