"""Tax ids with the right check digits, one a firm, in the notation of its country."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from stdnum import luhn
from stdnum.ar import cuit
from stdnum.br import cnpj
from stdnum.cl import rut
from stdnum.co import nit
from stdnum.es import cif
from stdnum.iso7064 import mod_11_10
from stdnum.mx import rfc
from stdnum.pe import ruc
from stdnum.pt import nif

from benchmarks.duplicates.drawing import Ints, Texts, different_numbers
from benchmarks.duplicates.places import CODES


def _spain(number: str) -> str:
    digits = f"B{number}"
    return digits + cif.calc_check_digits(digits)[0]


def _mexico(number: str) -> str:
    letters = "".join("ABCDEFGHIJ"[int(each)] for each in number[:3])
    start = f"{letters}1801{10 + int(number[3]):02d}{number[4:6]}"
    return start + rfc.calc_check_digit(start)


_IDS: Mapping[str, Callable[[str], str]] = {
    "ES": _spain,
    "MX": _mexico,
    "CO": lambda n: f"90{n}-{nit.calc_check_digit('90' + n)}",
    "AR": lambda n: f"30-0{n}-{cuit.calc_check_digit('300' + n)}",
    "CL": lambda n: f"7{n}-{rut.calc_check_digit('7' + n)}",
    "PE": lambda n: f"200{n}{ruc.calc_check_digit('200' + n)}",
    "BR": lambda n: f"1{n}0001{cnpj.calc_check_digits('1' + n + '0001')}",
    "PT": lambda n: f"5{n}{nif.calc_check_digit('5' + n)}",
    "US": lambda n: f"{n[:2]}-{n}",
    "GB": lambda n: f"GB{n}00",
    "DE": lambda n: f"DE1{n}{mod_11_10.calc_check_digit('1' + n)}",
    "FR": lambda n: f"4{n}{luhn.calc_check_digit('4' + n)}",
}


def tax_ids(random: np.random.Generator, countries: Ints) -> Texts:
    """A tax id for every firm of these countries, no two alike.

    Two have no public check digit that could be wrong: the American one has none, the British one is of older form.
    """
    found = np.empty(len(countries), object)
    for place, code in enumerate(CODES):
        mine = np.flatnonzero(countries == place)
        digits = 6 if code == "MX" else 7
        found[mine] = [
            _IDS[code](f"{n:0{digits}d}")
            for n in different_numbers(random, len(mine), digits).tolist()
        ]
    return found
