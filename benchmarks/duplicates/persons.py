"""People who exist: their names, where they work and live, their numbers. Nothing here is misspelt yet."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import pyarrow as pa

from benchmarks.duplicates.drawing import Flags, Ints, Texts, draw, stream, words, zipf
from benchmarks.duplicates.employers import Firms
from benchmarks.duplicates.given_names import CULTURES, GIVEN, SECOND
from benchmarks.duplicates.numbers import DIRECT, HOME, MOBILE, NEW_MOBILE, numbers
from benchmarks.duplicates.places import CODES, COUNTRIES
from benchmarks.duplicates.surnames import COMMON, COMMON_SHARE, PARTICLES, TAIL, TWO_SURNAMES

_ELSEWHERE = 0.06
"""How many have a given name of another culture: Kevin Sánchez, Igor Puig."""
AT_WORK, PRIVATE, TEAM = 0, 1, 2
"""Which address somebody gives as a rule."""


@dataclass(slots=True)
class Persons:
    """One person a place, all arrays of one length.

    culture, country, city: places in CULTURES, CODES and the country's cities. second: a second given name, or "".
    particle, last, mother: the surname, what stands before it, and the second one; "" where there is none.
    spouse: the surname after a marriage. firm, next_firm: places in the firms, before and after a change of jobs;
    -1 for nobody's employee. house, line, mailbox: the person whose landline at home, direct line at work and private
    mailbox it is. alone: no number but the landline at home. reach: AT_WORK, PRIVATE or TEAM. team: the name of a
    mailbox of the firm. title: place in TITLES. year: of birth, two digits.
    """

    culture: Ints
    woman: Flags
    given: Texts
    second: Texts
    particle: Texts
    last: Texts
    mother: Texts
    spouse: Texts
    country: Ints
    city: Ints
    firm: Ints
    next_firm: Ints
    house: Ints
    line: Ints
    mailbox: Ints
    alone: Flags
    reach: Ints
    team: Texts
    title: Ints
    year: Ints

    def __len__(self) -> int:
        return len(self.given)

    def table(self, firms: Firms, seed: int) -> pa.Table:
        """The same as columns, with the place as `person` and everybody's numbers, which are national."""
        random = stream(seed, "numbers")
        columns = {each.name: getattr(self, each.name) for each in fields(self)}
        office = np.where(self.firm < 0, self.country, firms.country[self.firm])
        columns["mobile"] = np.where(self.alone, None, numbers(random, self.country, MOBILE))
        columns["new_mobile"] = np.where(
            self.alone, None, numbers(random, self.country, NEW_MOBILE)
        )
        columns["direct"] = numbers(random, office, DIRECT)[self.line]
        columns["home"] = numbers(random, self.country, HOME)[self.house]
        columns["person"] = np.arange(len(self))
        return pa.table({name: pa.array(values) for name, values in columns.items()})


def make_persons(count: int, firms: Firms, seed: int) -> Persons:
    """`count` people of these firms' countries; seven of eight work for one of the firms."""
    random = stream(seed, "persons")
    firm = draw(random, firms.weight.tolist(), count)
    country = np.where(random.random(count) < 0.94, firms.country[firm], _somewhere(random, count))
    culture = _cultures(random, country)
    woman = random.random(count) < 0.45
    same_city = (random.random(count) < 0.8) & (country == firms.country[firm])
    employed = random.random(count) < 0.875
    return Persons(
        culture=culture,
        woman=woman,
        given=given_names(random, culture, woman),
        second=_second_names(random, culture, woman),
        particle=_particles(random, culture),
        last=surnames(random, culture),
        mother=_mothers(random, culture),
        spouse=surnames(random, culture),
        country=country,
        city=np.where(same_city, firms.city[firm], _towns(random, country)),
        firm=np.where(employed, firm, -1),
        next_firm=draw(random, firms.weight.tolist(), count),
        house=np.arange(count),
        line=np.arange(count),
        mailbox=np.arange(count),
        alone=np.zeros(count, bool),
        reach=np.where(employed & (random.random(count) < 0.8), AT_WORK, PRIVATE),
        team=np.full(count, "", object),
        title=draw(random, zipf(22, 3.0).tolist(), count),
        year=random.integers(50, 100, size=count),
    )


def _somewhere(random: np.random.Generator, count: int) -> Ints:
    return draw(random, [COUNTRIES[code].share for code in CODES], count)


def _cultures(random: np.random.Generator, country: Ints) -> Ints:
    found = np.zeros(len(country), np.int64)
    for place, code in enumerate(CODES):
        mine = country == place
        shares = [COUNTRIES[code].cultures.get(each, 0.0) for each in CULTURES]
        found[mine] = draw(random, shares, int(mine.sum()))
    return found


def given_names(random: np.random.Generator, culture: Ints, woman: Flags) -> Texts:
    """A given name for everybody: the commonest one of a culture for one of thirty, and some from elsewhere."""
    found = np.empty(len(culture), object)
    elsewhere = random.random(len(culture)) < _ELSEWHERE
    culture = np.where(elsewhere, random.integers(len(CULTURES), size=len(culture)), culture)
    for place, name in enumerate(CULTURES):
        for female in (True, False):
            mine = (culture == place) & (woman == female)
            found[mine] = words(random, GIVEN[name, female], int(mine.sum()), 14.0)
    return found


def _second_names(random: np.random.Generator, culture: Ints, woman: Flags) -> Texts:
    found = np.full(len(culture), "", object)
    for name, (share, women, men) in SECOND.items():
        for female, pool in ((True, women), (False, men)):
            mine = (culture == CULTURES.index(name)) & (woman == female)
            mine &= random.random(len(culture)) < share
            found[mine] = words(random, pool.split(), int(mine.sum()))
    return found


def surnames(random: np.random.Generator, culture: Ints) -> Texts:
    """A surname for everybody: García for one of forty in Spain, and thousands that hardly anybody bears."""
    found = np.empty(len(culture), object)
    for place, name in enumerate(CULTURES):
        mine = np.flatnonzero(culture == place)
        common = random.random(len(mine)) < COMMON_SHARE[name]
        usual = words(random, COMMON[name], len(mine), 8.0)
        rare = words(random, TAIL[name], len(mine), 400.0)
        found[mine] = np.where(common, usual, rare)
    return found


def _mothers(random: np.random.Generator, culture: Ints) -> Texts:
    shares = np.array([TWO_SURNAMES.get(name, 0.0) for name in CULTURES])[culture]
    return np.where(random.random(len(culture)) < shares, surnames(random, culture), "")


def _particles(random: np.random.Generator, culture: Ints) -> Texts:
    found = np.full(len(culture), "", object)
    for name, (share, pool) in PARTICLES.items():
        mine = (culture == CULTURES.index(name)) & (random.random(len(culture)) < share)
        found[mine] = words(random, pool, int(mine.sum()))
    return found


def _towns(random: np.random.Generator, country: Ints) -> Ints:
    found = np.zeros(len(country), np.int64)
    for place, code in enumerate(CODES):
        mine = country == place
        towns = len(COUNTRIES[code].cities)
        found[mine] = draw(random, zipf(towns, 1.5).tolist(), int(mine.sum()))
    return found
