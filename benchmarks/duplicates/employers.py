"""Firms that exist: names, domains, switchboards, and the relations by which one firm looks like another."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

import numpy as np

from benchmarks.duplicates.drawing import Flags, Ints, Texts, draw, stream, words, zipf
from benchmarks.duplicates.numbers import SWITCHBOARD, numbers
from benchmarks.duplicates.places import CODES, COUNTRIES
from benchmarks.duplicates.surnames import COMMON, TAIL
from benchmarks.duplicates.trades import BRANDS, GROUP, LANGUAGE, PARTNERS, TRADES

PATTERNS = (
    ("{first}.{last}", 44.0), ("{f}{last}", 20.0), ("{first}", 7.0), ("{f}.{last}", 9.0), ("{first}{last}", 6.0),
    ("{first}_{last}", 4.0), ("{last}.{first}", 3.0), ("{first}{l}", 4.0), ("{first}.{last}{n}", 3.0),
)  # fmt: skip
"""How firms build addresses, and how many of a hundred do so; {n} is the start of the second surname."""

_STYLES = (22, 22, 20, 6, 8, 10, 6, 6)
RELATIONS = (
    ("subsidiary in another country", 0.03),
    ("namesake firm in another country", 0.02),
    ("franchise branch in another city", 0.012),
    ("holding at the same address", 0.005),
)
"""How a firm looks like another that it is not, and how many do."""


@dataclass(slots=True)
class Firms:
    """One firm a place, all arrays of one length.

    name: without the legal form. form: place of the legal form in its country. other_domain: a second one of
    the firm, or "". weight: how many work there, relatively. parent: place of the firm that owns it, or -1.
    relation: place in RELATIONS of what it is to `like`, or -1; like: place of the firm it looks like.
    """

    name: Texts
    form: Ints
    country: Ints
    city: Ints
    domain: Texts
    other_domain: Texts
    switchboard: Texts
    pattern: Ints
    weight: np.ndarray[tuple[int], np.dtype[np.float64]]
    parent: Ints
    relation: Ints
    like: Ints

    def __len__(self) -> int:
        return len(self.name)


def make_firms(count: int, seed: int) -> Firms:
    """`count` firms; no two have a domain or a switchboard in common but those that were made to."""
    random = stream(seed, "firms")
    country = draw(random, [COUNTRIES[code].share for code in CODES], count)
    relation = (
        draw(random, [1 - sum(share for _, share in RELATIONS)] + [s for _, s in RELATIONS], count)
        - 1
    )
    relation[:2] = -1
    like = _like(random, relation)
    country = _countries(random, country, relation, like)
    city = _cities(random, country)
    branches = np.flatnonzero(relation == 2)
    towns = np.array([len(COUNTRIES[code].cities) for code in CODES])
    city[branches] = (city[like[branches]] + 1 + np.arange(len(branches)) % 4) % towns[
        country[branches]
    ]
    holding = relation == 3
    city[holding] = city[like[holding]]
    name = _names(random, country, city)
    name = _related_names(random, name, country, relation, like)
    firms = Firms(
        name=name,
        form=_forms(random, country),
        country=country,
        city=city,
        domain=np.full(count, "", object),
        other_domain=np.full(count, "", object),
        switchboard=numbers(random, country, SWITCHBOARD),
        pattern=draw(random, [share for _, share in PATTERNS], count),
        weight=np.minimum(random.random(count) ** -0.45, 15 * count**0.2),
        parent=np.where(np.isin(relation, (0,)), like, -1),
        relation=relation,
        like=like,
    )
    firms.parent[like[holding]] = np.flatnonzero(holding)
    firms.switchboard[holding] = firms.switchboard[like[holding]]
    _domains(random, firms)
    return firms


def _like(random: np.random.Generator, relation: Ints) -> Ints:
    """Whom each one looks like: a firm of its own; a franchise has four branches more."""
    plain = np.flatnonzero(relation < 0)
    like = plain[random.integers(len(plain), size=len(relation))]
    branches = np.flatnonzero(relation == 2)
    like[branches] = like[branches[np.arange(len(branches)) // 4 * 4]] if len(branches) else []
    return np.where(relation < 0, -1, like)


def _countries(random: np.random.Generator, country: Ints, relation: Ints, like: Ints) -> Ints:
    """Branches and holdings are where the other is, subsidiaries and namesakes anywhere else."""
    found = country.copy()
    near = relation >= 2
    found[near] = country[like[near]]
    far = (relation == 0) | (relation == 1)
    step = 1 + random.integers(len(CODES) - 1, size=len(country))
    clash = far & (country == country[like])
    found[clash] = (country[clash] + step[clash]) % len(CODES)
    return found


def _cities(random: np.random.Generator, country: Ints) -> Ints:
    found = np.zeros(len(country), np.int64)
    for place, code in enumerate(CODES):
        mine = country == place
        cities = len(COUNTRIES[code].cities)
        found[mine] = draw(random, zipf(cities, 1.5).tolist(), int(mine.sum()))
    return found


def _forms(random: np.random.Generator, country: Ints) -> Ints:
    found = np.zeros(len(country), np.int64)
    for place, code in enumerate(CODES):
        mine = country == place
        shares = [share for _, share in COUNTRIES[code].forms]
        found[mine] = draw(random, shares, int(mine.sum()))
    return found


def brands(random: np.random.Generator, count: int) -> Texts:
    """Words that nobody has heard before; the middle is there in two of three."""
    head, middle, end = (words(random, part, count, 40.0) for part in BRANDS)
    return head + np.where(random.random(count) < 0.67, middle, "") + end


def _names(random: np.random.Generator, country: Ints, city: Ints) -> Texts:
    found = np.empty(len(country), object)
    for place, code in enumerate(CODES):
        mine = np.flatnonzero(country == place)
        towns = np.array([each.split("/")[0] for each in COUNTRIES[code].cities], object)
        found[mine] = _of_language(random, LANGUAGE[code], towns[city[mine]])
    return found


def _of_language(random: np.random.Generator, language: str, towns: Texts) -> Texts:
    count = len(towns)
    brand, trade = brands(random, count), words(random, TRADES[language], count, 10.0)
    tail = random.random(count) < 0.5
    surname = np.where(
        tail,
        words(random, TAIL[language], count, 400.0),
        words(random, COMMON[language], count, 8.0),
    )
    letters = np.array([*"ABCDEFGILMNOPRSTV"], object)
    one, two, three = (letters[random.integers(len(letters), size=count)] for _ in range(3))
    styles = (
        brand, brand + " " + trade, trade + " " + surname, GROUP[language] + " " + brand, trade + " " + towns,
        one + two + three + " " + trade, surname + " " + PARTNERS[language], trade + " " + brand,
    )  # fmt: skip
    return np.choose(draw(random, _STYLES, count), styles)


def _related_names(
    random: np.random.Generator, name: Texts, country: Ints, relation: Ints, like: Ints
) -> Texts:
    """Half of the subsidiaries say where they are; a holding says what it is."""
    found = np.where(relation < 0, name, name[like])
    lands = np.array([COUNTRIES[code].names[0] for code in CODES], object)[country]
    says = (relation == 0) & (random.random(len(name)) < 0.5)
    found[says] += " " + lands[says]
    holding = relation == 3
    ends = words(random, ("Holding", "Inversiones", "Group", "Investments"), len(name))
    found[holding] += " " + ends[holding]
    return found


def slug(text: str) -> str:
    """A name as hosts write it: small letters and digits."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "", plain)


def _domains(random: np.random.Generator, firms: Firms) -> None:
    """Branches, holdings and a third of the subsidiaries use the other firm's domain; nobody else shares one."""
    shares = (firms.relation >= 2) | ((firms.relation == 0) & (random.random(len(firms)) < 0.33))
    endings = [COUNTRIES[code].endings for code in CODES]
    place = draw(random, (60, 30, 10), len(firms)).tolist()
    taken: set[str] = set()
    for number, (name, country) in enumerate(zip(firms.name, firms.country.tolist(), strict=True)):
        if shares[number]:
            continue
        stem, mine = slug(name), endings[country]
        ending = mine[min(place[number], len(mine) - 1)]
        firms.domain[number] = _free(stem, ending, taken)
    firms.domain[shares] = firms.domain[firms.like[shares]]
    second: Flags = (random.random(len(firms)) < 0.15) & ~shares
    for number in np.flatnonzero(second).tolist():
        mine = endings[firms.country[number]]
        stem, _, own = firms.domain[number].partition(".")
        others = [each for each in mine if each != own]
        firms.other_domain[number] = _free(stem, others[0], taken)


def _free(stem: str, ending: str, taken: set[str]) -> str:
    host, number = f"{stem}.{ending}", 1
    while host in taken:
        number += 1
        host = f"{stem}{number}.{ending}"
    taken.add(host)
    return host
