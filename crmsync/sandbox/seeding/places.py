"""States and postal codes of the cities demo data is set in, and tax ids with the right check digits.

The rules of each tax id are those of its tax office as python-stdnum documents them (read 2026-11);
they are written out again here, because whoever reads these numbers is not to check itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

# City -> state or province, and its postal codes: `#` is any digit, all else stands for itself.
ADDRESSES: dict[str, tuple[str, str]] = {
    "Madrid": ("Madrid", "280##"),
    "Barcelona": ("Barcelona", "080##"),
    "València": ("Valencia", "460##"),
    "Sevilla": ("Sevilla", "410##"),
    "Zaragoza": ("Zaragoza", "500##"),
    "Málaga": ("Málaga", "290##"),
    "A Coruña": ("A Coruña", "150##"),
    "Bilbao": ("Bizkaia", "480##"),
    "Donostia-San Sebastián": ("Gipuzkoa", "200##"),
    "Logroño": ("La Rioja", "260##"),
    "Cáceres": ("Cáceres", "100##"),
    "L'Hospitalet de Llobregat": ("Barcelona", "089##"),
    "Ciudad de México": ("Ciudad de México", "06###"),
    "Guadalajara": ("Jalisco", "44###"),
    "Monterrey": ("Nuevo León", "64###"),
    "Puebla": ("Puebla", "72###"),
    "Mérida": ("Yucatán", "97###"),
    "Querétaro": ("Querétaro", "76###"),
    "León": ("Guanajuato", "37###"),
    "Bogotá": ("Cundinamarca", "110###"),
    "Medellín": ("Antioquia", "050###"),
    "Cali": ("Valle del Cauca", "760###"),
    "Barranquilla": ("Atlántico", "080###"),
    "Cartagena de Indias": ("Bolívar", "130###"),
    "Ibagué": ("Tolima", "730###"),
    "Santiago": ("Región Metropolitana", "83#####"),
    "Valparaíso": ("Valparaíso", "23#####"),
    "Concepción": ("Biobío", "40#####"),
    "Viña del Mar": ("Valparaíso", "25#####"),
    "Ñuñoa": ("Región Metropolitana", "77#####"),
    "Buenos Aires": ("Buenos Aires", "C10##AAA"),
    "Córdoba": ("Córdoba", "X50##BBB"),
    "Rosario": ("Santa Fe", "S20##CCC"),
    "Mendoza": ("Mendoza", "M55##DDD"),
    "San Miguel de Tucumán": ("Tucumán", "T40##EEE"),
    "Lima": ("Lima", "150##"),
    "Arequipa": ("Arequipa", "040##"),
    "Trujillo": ("La Libertad", "130##"),
    "Cusco": ("Cusco", "080##"),
    "Huancayo": ("Junín", "120##"),
    "Austin": ("TX", "787##"),
    "Miami": ("FL", "331##"),
    "New York": ("NY", "100##"),
    "Chicago": ("IL", "606##"),
    "San José": ("CA", "951##"),
    "St. Louis": ("MO", "631##"),
    "Winston-Salem": ("NC", "271##"),
    "London": ("Greater London", "EC# #AB"),
    "Manchester": ("Greater Manchester", "M# #AB"),
    "Bristol": ("Bristol", "BS# #AB"),
    "Newcastle upon Tyne": ("Tyne and Wear", "NE# #AB"),
    "Edinburgh": ("Midlothian", "EH# #AB"),
    "Leeds": ("West Yorkshire", "LS# #AB"),
}


def postal_code(city: str, number: int) -> str:
    """A postal code of a city of ours: the same number gives the same code."""
    rest, signs = number * 7_919, []
    for sign in ADDRESSES[city][1]:
        signs.append(str(rest % 10) if sign == "#" else sign)
        rest //= 10 if sign == "#" else 1
    return "".join(signs)


def _weighted(digits: str, weights: Sequence[int]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True))


def _spain(number: int) -> str:
    """CIF of a limited company: B, seven digits, and 10 less what their doubled sum ends in."""
    body = f"{number * 10_007 % 10_000_000:07}"
    doubled = sum(sum(map(int, str(int(digit) * 2))) for digit in body[::2])
    return f"B{body}{-(doubled + sum(map(int, body[1::2]))) % 10}"


_MEXICAN = "0123456789ABCDEFGHIJKLMN&OPQRSTUVWXYZ Ñ"


def _mexico(number: int) -> str:
    """RFC of a company: three letters, its day of foundation, two signs and a check digit."""
    letters = "".join(chr(65 + number // 26**place % 26) for place in range(3))
    day = f"{number % 26:02}{number % 12 + 1:02}{number % 28 + 1:02}"
    body = f"{letters}{day}{number % 9 + 1}{chr(65 + number % 26)}"
    total = sum(_MEXICAN.index(sign) * (13 - place) for place, sign in enumerate(f" {body}"))
    return body + "0123456789A"[-total % 11]


def _colombia(number: int) -> str:
    """NIT: nine digits from 900 million on, a hyphen, and a check digit modulo 11."""
    body = f"{900_000_000 + number * 1_009 % 99_000_000}"
    rest = _weighted(body[::-1], (3, 7, 13, 17, 19, 23, 29, 37, 41)) % 11
    return f"{body}-{'01987654321'[rest]}"


def _chile(number: int) -> str:
    """RUT of a company: eight digits from 76 million on, and a check digit that may be K."""
    body = f"{76_000_000 + number * 1_013 % 3_000_000}"
    rest = _weighted(body[::-1], (2, 3, 4, 5, 6, 7, 2, 3)) % 11
    return f"{body}-{'0K987654321'[rest]}"


def _argentina(number: int) -> str:
    """CUIT of a company: 30, eight digits, and a check digit modulo 11."""
    body = f"30{50_000_000 + number * 1_019 % 40_000_000:08}"
    rest = _weighted(body, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11
    return f"30-{body[2:]}-{'012345678990'[11 - rest] if rest else '0'}"


def _peru(number: int) -> str:
    """RUC of a company: 20, eight digits, and a check digit modulo 11."""
    body = f"20{number * 1_021 % 100_000_000:08}"
    return body + str((11 - _weighted(body, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11) % 10)


def _states(number: int) -> str:
    """EIN: a campus prefix and seven digits; it has no check digit."""
    return f"{20 + number % 8}-{number * 1_031 % 10_000_000:07}"


def _kingdom(number: int) -> str:
    """VAT number: seven digits, and two that make the weighted sum a multiple of 97."""
    body = f"{1_000_000 + number * 1_033 % 8_000_000}"
    return f"GB{body}{97 - _weighted(body, (8, 7, 6, 5, 4, 3, 2)) % 97:02}"


_TAX_IDS: dict[str, Callable[[int], str]] = {
    "ES": _spain,
    "MX": _mexico,
    "CO": _colombia,
    "CL": _chile,
    "AR": _argentina,
    "PE": _peru,
    "US": _states,
    "GB": _kingdom,
}


def tax_id(country: str, number: int) -> str:
    """A tax id that a company of that country could have; other numbers give other ids."""
    return _TAX_IDS[country](number)


def other_spelling(written: str) -> str:
    """The same tax id as somebody else would write it: dots, hyphens and blanks mean nothing."""
    bare = "".join(sign for sign in written if sign.isalnum())
    letters = len(bare) - len(bare.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    sign = "-" if letters == 1 else " " if letters else ""
    return bare[:letters] + sign + bare[letters:]
