"""Countries as people write them: `España`, `Spain`, `ESP` and `es` are ES.

Names in English, Spanish, Portuguese, French, German and Italian come from the Unicode CLDR, codes from
ISO 3166. What is not known is nobody's country: nothing is guessed from a part of a name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache

_LANGUAGES = ("it", "de", "fr", "pt", "es", "en")
_SIGNS = re.compile(r"[^\w]+")
# "Bosnia and Herzegovina" is what CLDR calls "Bosnia & Herzegovina"; alone, AND is a code of Andorra.
_AND = re.compile(r"(?<=\w) and (?=\w)")
_ALSO: Mapping[str, str] = {
    "eeuu": "US", "estadosunidosdeamerica": "US", "unitedstatesofamerica": "US", "america": "US",
    "espanya": "ES", "espainia": "ES",
    "inglaterra": "GB", "england": "GB", "scotland": "GB", "wales": "GB", "granbretana": "GB", "greatbritain": "GB",
    "holanda": "NL", "holland": "NL", "republicadominicana": "DO", "czechrepublic": "CZ", "republicacheca": "CZ",
    "mejico": "MX", "korea": "KR", "corea": "KR", "turkey": "TR", "northernireland": "GB", "uae": "AE", "prc": "CN",
    "hongkong": "HK", "macau": "MO", "macao": "MO", "ivorycoast": "CI", "easttimor": "TL", "burma": "MM",
    "swaziland": "SZ", "macedonia": "MK", "drcongo": "CD", "democraticrepublicofthecongo": "CD",
    "republicofthecongo": "CG", "palestine": "PS", "palestinianterritory": "PS", "palestinianterritories": "PS",
    "palestina": "PS", "palestinianterritoryoccupied": "PS",
    "stateofpalestine": "PS", "saotomeprincipe": "ST", "saintkittsnevis": "KN", "saintvincentthegrenadines": "VC",
    "saintpierremiquelon": "PM", "republicofireland": "IE", "republicofkorea": "KR", "republicofmoldova": "MD",
    "thenetherlands": "NL", "thegambia": "GM", "thebahamas": "BS", "thephilippines": "PH",
    # The long names of ISO 3166-1, with their commas: country lists of CRMs and exports are full of them.
    "russianfederation": "RU", "korearepublicof": "KR", "koreademocraticpeoplesrepublicof": "KP",
    "boliviaplurinationalstateof": "BO", "venezuelabolivarianrepublicof": "VE", "tanzaniaunitedrepublicof": "TZ",
    "moldovarepublicof": "MD", "taiwanprovinceofchina": "TW", "iranislamicrepublicof": "IR",
    "palestinestateof": "PS", "macedoniatheformeryugoslavrepublicof": "MK", "congothedemocraticrepublicofthe": "CD",
    "laopeoplesdemocraticrepublic": "LA", "syrianarabrepublic": "SY", "libyanarabjamahiriya": "LY",
    "holyseevaticancitystate": "VA", "micronesiafederatedstatesof": "FM", "falklandislandsmalvinas": "FK",
    "virginislandsbritish": "VG", "saintmartinfrenchpart": "MF", "sintmaartendutchpart": "SX",
    "sainthelenaascensiontristandacunha": "SH", "bonairesinteustatiussaba": "BQ", "pitcairn": "PN",
    "southgeorgiathesouthsandwichislands": "GS", "heardislandmcdonaldislands": "HM",
    "unitedkingdomofgreatbritainnorthernireland": "GB",
}  # fmt: skip


def country_of(text: str | None) -> str | None:
    """The ISO 3166 code of two letters behind a name or code, None if it is none that is known."""
    if text is None:
        return None
    return _names().get(_folded(text))


def _folded(text: str) -> str:
    """Letters and digits alone, lower case, without accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return _SIGNS.sub("", _AND.sub(" ", "".join(c for c in plain if not unicodedata.combining(c))))


@cache
def _names() -> Mapping[str, str]:
    """{folded name or code: code}. English names win over those of other languages."""
    from babel import Locale
    from babel.core import get_global

    found: dict[str, str] = {}
    for language in _LANGUAGES:
        territories = Locale(language).territories
        found |= {_folded(name): code for code, name in territories.items() if _is_country(code)}
    codes = {code for code in found.values() if _is_country(code)}
    aliases = {old: new[0] for old, new in get_global("territory_aliases").items() if len(new) == 1}
    found |= {_folded(old): new for old, new in aliases.items() if new in codes}
    return {**found, **_ALSO, **{code.lower(): code for code in codes}}


def _is_country(code: str) -> bool:
    """True for two letters that are no placeholder: EU, ZZ and the like name no country."""
    return (
        len(code) == 2 and code.isalpha() and code not in {"EU", "EZ", "UN", "ZZ", "QO", "XA", "XB"}
    )
