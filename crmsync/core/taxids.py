"""Tax ids of companies and people, with the check digits of their country.

| country | number | | country | number |
|---|---|---|---|---|
| AR | CUIT | | ES | NIF, with NIE and the former CIF |
| BR | CNPJ | | MX | RFC |
| CL | RUT | | PE | RUC |
| CO | NIT | | EU, and its members | VAT number, with its country's prefix |

The canonical text is the number without blanks, points and dashes, in capitals. Without a country nothing can
be checked, so only the spelling is made one; a country that is not in the table is treated the same way.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial

from stdnum.ar import cuit
from stdnum.br import cnpj
from stdnum.cl import rut
from stdnum.co import nit
from stdnum.es import nif
from stdnum.eu import vat
from stdnum.exceptions import ValidationError
from stdnum.mx import rfc
from stdnum.pe import ruc

from crmsync.core.records import Invalid, Value
from crmsync.core.spec import Spec

_SPELLING = re.compile(r"[\s.\-/]+")
_LETTERS_AND_DIGITS = re.compile(r"[0-9A-ZÑ&]{4,30}")
# Everybody's and foreigners' number, which stand for no one: SAT, Anexo 20 (read 2026-11)
_NOBODYS = frozenset({"XAXX010101000", "XEXX010101000"})


def _rfc(text: str) -> str:
    return text if text in _NOBODYS else rfc.validate(text, validate_check_digits=True)


def _vat(country: str, text: str) -> str:
    """The number with its country's prefix; Greece writes EL."""
    prefix = "EL" if country == "GR" else country
    return vat.validate(text if text.startswith(prefix) else prefix + text)


COUNTRIES: Mapping[str, Callable[[str], str]] = {
    **{each.upper(): partial(_vat, each.upper()) for each in vat.MEMBER_STATES},
    "AR": cuit.validate,
    "BR": cnpj.validate,
    "CL": rut.validate,
    "CO": nit.validate,
    "ES": nif.validate,
    "EU": vat.validate,
    "MX": _rfc,
    "PE": ruc.validate,
}


def parse_tax_id(raw: str, spec: Spec) -> Value | Invalid | None:
    """The number in one spelling; Invalid if its check digit is wrong, or it is no number of that kind."""
    text = _SPELLING.sub("", raw).upper()
    if not _LETTERS_AND_DIGITS.fullmatch(text):
        return Invalid(raw)
    check = COUNTRIES.get(spec.country or "")
    if check is None:
        return text
    try:
        return check(text).upper()
    except ValidationError:
        return Invalid(raw)
